package dev.holdfast.engine;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.TextFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The versions of an engine: which Holdfast supports, and the known problems of released ones: vulnerabilities, and the end of
 * support.
 *
 * @param title the engine's name in sentences
 * @param seriesParts how many numbers of a version name its series: 2 for 8.0.16, 1 for 17.2
 * @param ends the last day of support of a series
 * @param supported the versions that Holdfast supports, such as 8 or 8.0
 * @param openEnded the released series without an announced end of support
 */
public record VersionProblems(
        String title,
        int seriesParts,
        List<Vulnerability> vulnerabilities,
        Map<String, String> ends,
        List<String> supported,
        List<String> openEnded) {

    /**
     * A vulnerability of one series.
     *
     * @param last the last affected version of that series, which is affected from its first version on
     * @param what what an attacker can do
     * @param protection what Holdfast does about it
     */
    public record Vulnerability(String series, String last, String name, String what, String protection) {}

    /**
     * Returns sentences about a running version; empty when there is no known problem.
     *
     * @param at the time of the observation
     */
    public List<String> advice(String version, Instant at) {
        String name = title + " " + version;
        String series = Arrays.stream(version.split("\\.")).limit(seriesParts).collect(Collectors.joining("."));
        List<String> advice = new ArrayList<>();
        vulnerabilities.stream()
                .filter(v -> v.series.equals(series) && compare(version, v.last) <= 0)
                .forEach(v -> advice.add(name + " has " + v.name + ": " + v.what + ". " + v.protection
                        + "; install a version after " + v.last));
        String end = ends.get(series);
        if (end != null && at.isAfter(Instant.parse(end + "T23:59:59Z"))) {
            advice.add(name + " has had no security fixes since " + end + "; upgrade to a supported version");
        }
        return advice;
    }

    /** Returns whether Holdfast supports a version, or a version of a series such as 7. */
    public boolean supports(String version) {
        return supported.stream().anyMatch(s -> within(version, s) || within(s, version));
    }

    /** Reports a declared version that Holdfast does not support. */
    public void check(ConfigCursor key) {
        String version = key.text("");
        if (TextFormat.VERSION.accepts(version) && !supports(version)) {
            key.wrong(
                    title + " " + version + " is not supported; Holdfast supports " + String.join(", ", supported),
                    "declare one of these versions");
        }
    }

    /** Returns that no release of a declared version is known; empty when one is. */
    public Optional<String> unknown(String version) {
        return released(version).isEmpty()
                ? Optional.of("Holdfast does not know a release " + version + " of " + title)
                : Optional.empty();
    }

    /** Returns that the support of a declared version has ended; empty when it has not, or when that is unknown. */
    public Optional<String> ended(String version, LocalDate today) {
        List<String> released = released(version);
        String last = released.stream()
                .map(ends::get)
                .filter(Objects::nonNull)
                .max(String::compareTo)
                .orElse("");
        boolean isOver = !last.isEmpty()
                && ends.keySet().containsAll(released)
                && LocalDate.parse(last).isBefore(today);
        return isOver
                ? Optional.of(title + " " + version + " has had no security fixes since " + last)
                : Optional.empty();
    }

    /** Returns the known series that belong to a declared version: 8.0, 8.1 and 8.2 to 8; 8.0 to 8.0.4. */
    private List<String> released(String version) {
        return Stream.concat(ends.keySet().stream(), openEnded.stream())
                .filter(s -> within(version, s) || within(s, version))
                .toList();
    }

    private static boolean within(String version, String series) {
        return version.equals(series) || version.startsWith(series + ".");
    }

    private static int compare(String one, String other) {
        String[] a = one.split("[^0-9]+");
        String[] b = other.split("[^0-9]+");
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int difference = Integer.compare(number(a, i), number(b, i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int number(String[] parts, int at) {
        return at < parts.length && parts[at].matches("[0-9]{1,6}") ? Integer.parseInt(parts[at]) : 0;
    }
}
