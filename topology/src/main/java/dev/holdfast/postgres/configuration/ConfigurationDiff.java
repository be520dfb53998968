package dev.holdfast.postgres.configuration;

import dev.holdfast.postgres.value.SettingLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How configuration files differ from what is wanted, in words. */
public final class ConfigurationDiff {

    private static final int MAX_LISTED = 3;

    private ConfigurationDiff() {}

    /** Sentences about the settings that differ; empty when the lines are the same. */
    public static List<String> ofSettings(String file, List<String> observed, List<String> desired) {
        if (observed.equals(desired)) {
            return List.of();
        }
        if (observed.isEmpty()) {
            return List.of(file + " is not there");
        }
        Map<String, String> is = SettingLines.byName(observed);
        Map<String, String> should = SettingLines.byName(desired);
        List<String> lines = new ArrayList<>();
        should.forEach((name, value) -> {
            if (!is.containsKey(name)) {
                lines.add(name + " is not in " + file + ", wanted " + value);
            } else if (!is.get(name).equals(value)) {
                lines.add(name + " is " + is.get(name) + " in " + file + ", wanted " + value);
            }
        });
        is.forEach((name, value) -> {
            if (!should.containsKey(name)) {
                lines.add(name + " is " + value + " in " + file + ", not declared");
            }
        });
        return lines.isEmpty() ? List.of("the order of lines in " + file + " was changed") : lines;
    }

    /** Sentences about the lines that differ; empty when they are the same. */
    public static List<String> ofLines(String file, List<String> observed, List<String> desired) {
        if (observed.equals(desired)) {
            return List.of();
        }
        if (observed.isEmpty()) {
            return List.of(file + " is not there");
        }
        List<String> lines = new ArrayList<>();
        desired.stream().filter(l -> !observed.contains(l)).forEach(l -> lines.add(file + " lacks \"" + l + "\""));
        observed.stream()
                .filter(l -> !desired.contains(l))
                .forEach(l -> lines.add(file + " has \"" + l + "\", which is not wanted"));
        return lines.isEmpty() ? List.of("the order of lines in " + file + " was changed") : lines;
    }

    /** A few sentences as one. */
    public static String description(List<String> sentences) {
        String few = String.join("; ", sentences.subList(0, Math.min(MAX_LISTED, sentences.size())));
        return sentences.size() <= MAX_LISTED ? few : few + "; and " + (sentences.size() - MAX_LISTED) + " more";
    }
}
