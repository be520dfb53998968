package dev.holdfast.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The known problems of an engine's released versions: vulnerabilities, and the end of support.
 *
 * @param title the engine's name in sentences
 * @param seriesParts how many numbers of a version name its series: 2 for 8.0.16, 1 for 17.2
 * @param ends the last day of support of a series
 */
public record VersionProblems(
        String title, int seriesParts, List<Vulnerability> vulnerabilities, Map<String, String> ends) {

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
