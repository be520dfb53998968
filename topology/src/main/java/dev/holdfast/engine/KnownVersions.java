package dev.holdfast.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Known problems of server versions: security vulnerabilities with the fixed version, and the end of support. */
public final class KnownVersions {

    /** @param last the last affected version of that series, which is affected from its first version on */
    private record Fault(String series, String last, String name, String what) {}

    private static final String MONGOBLEED = "CVE-2025-14847";
    private static final String LEAKS = "any client that reaches the port can read the server's memory without a login";

    private static final List<Fault> MONGODB = List.of(
            new Fault("8.2", "8.2.2", MONGOBLEED, LEAKS),
            new Fault("8.0", "8.0.16", MONGOBLEED, LEAKS),
            new Fault("7.0", "7.0.27", MONGOBLEED, LEAKS),
            new Fault("6.0", "6.0.26", MONGOBLEED, LEAKS),
            new Fault("5.0", "5.0.31", MONGOBLEED, LEAKS),
            new Fault("4.4", "4.4.29", MONGOBLEED, LEAKS));

    private static final Map<String, String> MONGODB_ENDS = Map.of(
            "4.4", "2024-02-29", "5.0", "2024-10-31", "6.0", "2025-07-31", "7.0", "2027-08-31", "8.0", "2029-10-31");

    private static final Map<String, String> POSTGRESQL_ENDS = Map.of(
            "13", "2025-11-13",
            "14", "2026-11-12",
            "15", "2027-11-11",
            "16", "2028-11-09",
            "17", "2029-11-08",
            "18", "2030-11-14");

    private KnownVersions() {}

    /**
     * Returns sentences about a running version; empty when there is no known problem.
     *
     * @param engine {@code mongodb} or {@code postgresql}
     * @param at the time of the observation
     */
    public static List<String> advice(String engine, String version, Instant at) {
        boolean isMongo = engine.equals("mongodb");
        String name = (isMongo ? "MongoDB " : "PostgreSQL ") + version;
        String[] parts = version.split("\\.");
        String series = isMongo && parts.length > 1 ? parts[0] + "." + parts[1] : parts[0];
        List<String> advice = new ArrayList<>();
        if (isMongo) {
            MONGODB.stream()
                    .filter(f -> f.series.equals(series) && compare(version, f.last) <= 0)
                    .forEach(f -> advice.add(name + " has " + f.name + ": " + f.what
                            + ". Holdfast disables the zlib compression that the attack needs; install a version after "
                            + f.last));
        }
        String end = (isMongo ? MONGODB_ENDS : POSTGRESQL_ENDS).get(series);
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
