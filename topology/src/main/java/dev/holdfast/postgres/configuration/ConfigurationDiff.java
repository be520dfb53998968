package dev.holdfast.postgres.configuration;

import dev.holdfast.postgres.value.SettingLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How configuration files differ from what is wanted, in words. */
public final class ConfigurationDiff {

    private static final int TOLD = 3;

    private ConfigurationDiff() {}

    /** Sentences about the settings that differ; empty when the lines are the same. */
    public static List<String> ofSettings(String file, List<String> seen, List<String> wanted) {
        if (seen.equals(wanted)) {
            return List.of();
        }
        if (seen.isEmpty()) {
            return List.of(file + " is not there");
        }
        Map<String, String> is = SettingLines.byName(seen);
        Map<String, String> should = SettingLines.byName(wanted);
        List<String> told = new ArrayList<>();
        should.forEach((name, value) -> {
            if (!is.containsKey(name)) {
                told.add(name + " is not in " + file + ", wanted " + value);
            } else if (!is.get(name).equals(value)) {
                told.add(name + " is " + is.get(name) + " in " + file + ", wanted " + value);
            }
        });
        is.forEach((name, value) -> {
            if (!should.containsKey(name)) {
                told.add(name + " is " + value + " in " + file + ", not declared");
            }
        });
        return told.isEmpty() ? List.of("the order of lines in " + file + " was changed") : told;
    }

    /** Sentences about the lines that differ; empty when they are the same. */
    public static List<String> ofLines(String file, List<String> seen, List<String> wanted) {
        if (seen.equals(wanted)) {
            return List.of();
        }
        if (seen.isEmpty()) {
            return List.of(file + " is not there");
        }
        List<String> told = new ArrayList<>();
        wanted.stream().filter(l -> !seen.contains(l)).forEach(l -> told.add(file + " lacks \"" + l + "\""));
        seen.stream()
                .filter(l -> !wanted.contains(l))
                .forEach(l -> told.add(file + " has \"" + l + "\", which is not wanted"));
        return told.isEmpty() ? List.of("the order of lines in " + file + " was changed") : told;
    }

    /** A few sentences as one. */
    public static String told(List<String> sentences) {
        String few = String.join("; ", sentences.subList(0, Math.min(TOLD, sentences.size())));
        return sentences.size() <= TOLD ? few : few + "; and " + (sentences.size() - TOLD) + " more";
    }
}
