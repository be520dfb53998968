package dev.holdfast.postgres.state;

import java.util.Arrays;
import java.util.List;

/** The value of {@code synchronous_standby_names}: its names, and how many standbys are in sync. */
public final class SynchronousStandbyNames {

    private SynchronousStandbyNames() {}

    /** Parses the names in a value of synchronous_standby_names, in any of its forms. */
    public static List<String> parse(String names) {
        String inner = names.contains("(") ? names.substring(names.indexOf('(') + 1, names.lastIndexOf(')')) : names;
        return Arrays.stream(inner.split(","))
                .map(String::strip)
                .map(n -> n.startsWith("\"") ? n.substring(1, n.length() - 1).replace("\"\"", "\"") : n)
                .filter(n -> !n.isEmpty())
                .toList();
    }

    /** Returns how many of the names commits wait for. */
    public static int count(String names) {
        String digits =
                names.contains("(") ? names.substring(0, names.indexOf('(')).replaceAll("[^0-9]", "") : "";
        return names.isBlank() ? 0 : digits.isEmpty() ? 1 : Integer.parseInt(digits);
    }

    /** Returns how many of its standbys a primary reports as synchronous. */
    public static long inSync(ServerState server) {
        return server.followers().values().stream()
                .filter(f -> List.of("sync", "quorum").contains(f.getOrDefault("sync_state", "")))
                .count();
    }
}
