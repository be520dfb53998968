package dev.holdfast.postgres.configuration;

import dev.holdfast.postgres.value.SettingLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Describes the differences between observed and desired configuration files. */
public final class ConfigurationDiff {

    private static final int MAX_LISTED = 3;

    private ConfigurationDiff() {}

    /** Returns a sentence for each setting that differs; empty when the lines are the same. */
    public static List<String> ofSettings(String file, List<String> observed, List<String> desired) {
        if (observed.equals(desired)) {
            return List.of();
        }
        if (observed.isEmpty()) {
            return List.of(file + " does not exist");
        }
        Map<String, String> is = SettingLines.byName(observed);
        Map<String, String> should = SettingLines.byName(desired);
        List<String> lines = new ArrayList<>();
        should.forEach((name, value) -> {
            if (!is.containsKey(name)) {
                lines.add(name + " is not in " + file + ", desired " + value);
            } else if (!is.get(name).equals(value)) {
                lines.add(name + " is " + is.get(name) + " in " + file + ", desired " + value);
            }
        });
        is.forEach((name, value) -> {
            if (!should.containsKey(name)) {
                lines.add(name + " is " + value + " in " + file + ", not declared");
            }
        });
        return lines.isEmpty() ? List.of("the order of the lines in " + file + " differs") : lines;
    }

    /** Returns a sentence for each line that differs; empty when the lines are the same. */
    public static List<String> ofLines(String file, List<String> observed, List<String> desired) {
        if (observed.equals(desired)) {
            return List.of();
        }
        if (observed.isEmpty()) {
            return List.of(file + " does not exist");
        }
        List<String> lines = new ArrayList<>();
        desired.stream().filter(l -> !observed.contains(l)).forEach(l -> lines.add(file + " lacks \"" + l + "\""));
        observed.stream()
                .filter(l -> !desired.contains(l))
                .forEach(l -> lines.add(file + " has \"" + l + "\", which is not declared"));
        return lines.isEmpty() ? List.of("the order of the lines in " + file + " differs") : lines;
    }

    /** Joins the first sentences and counts the rest. */
    public static String description(List<String> sentences) {
        String few = String.join("; ", sentences.subList(0, Math.min(MAX_LISTED, sentences.size())));
        return sentences.size() <= MAX_LISTED ? few : few + "; and " + (sentences.size() - MAX_LISTED) + " more";
    }
}
