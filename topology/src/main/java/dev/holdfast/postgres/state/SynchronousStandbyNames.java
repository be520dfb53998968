package dev.holdfast.postgres.state;

import dev.holdfast.postgres.value.SettingLines;
import java.util.Arrays;
import java.util.List;

/**
 * The value of {@code synchronous_standby_names}: its names, the value in a member's file, and the number of standbys in sync.
 */
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

    /** Returns the value in role.conf, even if the server has not read it. */
    public static String written(MemberState member) {
        String value = SettingLines.byName(member.disk().files().getOrDefault("role.conf", List.of()))
                .getOrDefault("synchronous_standby_names", "''");
        return value.length() < 2 ? "" : value.substring(1, value.length() - 1).replace("''", "'");
    }

    /** Returns how many of its standbys a primary reports as synchronous. */
    public static long inSync(ServerState server) {
        return server.followers().values().stream()
                .filter(f -> List.of("sync", "quorum").contains(f.getOrDefault("sync_state", "")))
                .count();
    }
}
