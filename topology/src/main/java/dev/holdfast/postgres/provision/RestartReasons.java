package dev.holdfast.postgres.provision;

import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.SettingLines;
import dev.holdfast.postgres.value.SettingValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The comparison of a running server with its declaration: what only a restart applies. */
final class RestartReasons {

    /** The settings that must not be lower on a standby than on its primary. */
    static final Set<String> NOT_BELOW_THE_PRIMARY = Set.of(
            "max_connections",
            "max_wal_senders",
            "max_worker_processes",
            "max_prepared_transactions",
            "max_locks_per_transaction");

    private final PostgresCluster cluster;

    RestartReasons(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    /** Returns why a server must be restarted; empty when a restart is unnecessary. */
    List<String> of(MemberState member) {
        ServerState server = member.server();
        List<String> reasons = new ArrayList<>();
        String file = ServerConfiguration.conf(member.node()) + "/postgresql.conf";
        if (!server.configFile().equals(file)) {
            reasons.add("the server was started with " + server.configFile() + " instead of " + file);
        }
        member.otherProgram(cluster.binaries(member.node().host())).ifPresent(reasons::add);
        server.onCommandLine().forEach(n -> reasons.add(onCommandLine(n)));
        Map<String, String> desired = ServerConfiguration.of(cluster, member.member());
        server.settings().forEach((name, row) -> {
            if (needsRestart(member, name, row, desired)) {
                String target = desired.containsKey(name) ? desired.get(name) : "the default, " + row.get("boot_val");
                reasons.add(name + " is " + row.get("setting") + row.getOrDefault("unit", "") + ", desired " + target);
            }
        });
        return reasons;
    }

    /** @param held whether settings may be higher than declared, because the WAL still needs them */
    List<String> left(MemberState member, boolean held) {
        List<String> heldUp = held ? heldUp(member) : List.of();
        return of(member).stream()
                .filter(r -> heldUp.stream().noneMatch(n -> r.equals(onCommandLine(n)) || r.startsWith(n + " is ")))
                .toList();
    }

    /** Returns whether a restart raises, or lowers, a setting that must not be lower on a standby than on its primary. */
    boolean isChanging(MemberState member, boolean up) {
        Map<String, String> desired = ServerConfiguration.of(cluster, member.member());
        return NOT_BELOW_THE_PRIMARY.stream()
                .filter(n -> needsRestart(member, n, row(member, n), desired))
                .map(n -> Long.compare(
                        number(desired.getOrDefault(n, row(member, n).getOrDefault("boot_val", ""))),
                        number(row(member, n).getOrDefault("setting", "0"))))
                .anyMatch(c -> up ? c > 0 : c < 0);
    }

    /** Returns whether a standby runs with lower settings than its primary: it has stopped replaying, or soon stops. */
    static boolean isBelow(MemberState member, MemberState primary) {
        return NOT_BELOW_THE_PRIMARY.stream()
                .anyMatch(n -> number(row(member, n).getOrDefault("setting", "0"))
                        < number(row(primary, n).getOrDefault("setting", "0")));
    }

    /** Returns the settings that start.sh passed on the command line, because the WAL needs more than the declared value. */
    static List<String> heldUp(MemberState member) {
        return member.server().onCommandLine().stream()
                .filter(NOT_BELOW_THE_PRIMARY::contains)
                .toList();
    }

    private static String onCommandLine(String name) {
        return name + " was set on its command line";
    }

    /**
     * Returns whether a setting needs a restart: by pg_settings, or by its running value while the files are not updated yet.
     */
    private static boolean needsRestart(
            MemberState member, String name, Map<String, String> row, Map<String, String> desired) {
        if (!row.getOrDefault("context", "").equals("postmaster")) {
            return false;
        }
        boolean isWritten = isWritten(member, name, desired);
        if (isWritten && !ConfigurationPlanner.isUnread(member)) {
            return row.getOrDefault("pending_restart", "").equals("true");
        }
        if (desired.containsKey(name)) {
            return !SettingValue.isSame(desired.get(name), row);
        }
        return !row.getOrDefault("setting", "").equals(row.getOrDefault("boot_val", ""));
    }

    private static boolean isWritten(MemberState member, String name, Map<String, String> desired) {
        if (member.server().altered().containsKey(name)) {
            return false;
        }
        String is = SettingLines.byName(member.disk().files().getOrDefault("postgresql.conf", List.of()))
                .get(name);
        String should = desired.containsKey(name)
                ? SettingLines.byName(ServerConfiguration.lines(Map.of(name, desired.get(name))))
                        .get(name)
                : null;
        return Objects.equals(is, should);
    }

    private static Map<String, String> row(MemberState member, String name) {
        return member.server().settings().getOrDefault(name, Map.of());
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }
}
