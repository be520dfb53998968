package dev.holdfast.postgres.state;

import dev.holdfast.postgres.value.SettingLines;
import java.util.Arrays;
import java.util.List;

/** The value of {@code synchronous_standby_names}: what it names, what a member's file says, and how many standbys are in sync. */
public final class SynchronousStandbyNames {

    private SynchronousStandbyNames() {}

    /** The names in a value of synchronous_standby_names, in any of its forms. */
    public static List<String> parse(String names) {
        String inner = names.contains("(") ? names.substring(names.indexOf('(') + 1, names.lastIndexOf(')')) : names;
        return Arrays.stream(inner.split(","))
                .map(String::strip)
                .map(n -> n.startsWith("\"") ? n.substring(1, n.length() - 1).replace("\"\"", "\"") : n)
                .filter(n -> !n.isEmpty())
                .toList();
    }

    /** How many of the names a value of synchronous_standby_names makes commits wait for. */
    public static int count(String names) {
        String digits =
                names.contains("(") ? names.substring(0, names.indexOf('(')).replaceAll("[^0-9]", "") : "";
        return names.isBlank() ? 0 : digits.isEmpty() ? 1 : Integer.parseInt(digits);
    }

    /** What role.conf says, whether or not the server has read it. */
    public static String written(MemberState member) {
        String value = SettingLines.byName(member.disk().files().getOrDefault("role.conf", List.of()))
                .getOrDefault("synchronous_standby_names", "''");
        return value.length() < 2 ? "" : value.substring(1, value.length() - 1).replace("''", "'");
    }

    /** How many of its standbys a primary reports as synchronous. */
    public static long inSync(ServerState server) {
        return server.followers().values().stream()
                .filter(f -> List.of("sync", "quorum").contains(f.getOrDefault("sync_state", "")))
                .count();
    }
}
