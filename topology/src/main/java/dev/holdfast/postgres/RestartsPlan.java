package dev.holdfast.postgres;

import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The act that restarts servers whose settings need it, one after the other.
 *
 * <p>Standbys first, disaster-recovery copies before the ones that commits wait for, the primary last. Settings that a
 * standby must not have lower than its primary turn the order round when they go down: the primary first; and a standby only
 * once it has replayed that its primary runs with less, or it would refuse to start for as long as its own settings stay.
 */
final class RestartsPlan {

    private static final Duration RESTART = Duration.ofMinutes(5);
    private static final Duration REPLAY = Duration.ofMinutes(2);
    private static final Set<String> NOT_BELOW_THE_PRIMARY = Set.of(
            "max_connections",
            "max_wal_senders",
            "max_worker_processes",
            "max_prepared_transactions",
            "max_locks_per_transaction");

    private final PostgresCluster cluster;
    private final Typing typing;
    private final Until until;

    RestartsPlan(PostgresCluster cluster, Typing typing, Until until) {
        this.cluster = cluster;
        this.typing = typing;
        this.until = until;
    }

    Plan plan(PostgresSeen seen) {
        if (seen.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberSeen primary = seen.primary().get();
        List<MemberSeen> order = new ArrayList<>();
        seen.others().filter(MemberSeen::isStandby).forEach(m -> order.add(0, m));
        order.add(isLowering(primary) ? 0 : order.size(), primary);
        List<Step> steps = order.stream()
                .filter(m -> !m.isOutOfReach() && !reasons(m).isEmpty())
                .flatMap(m ->
                        Stream.concat(replayed(m, primary).stream(), Stream.of(restarted(m, primary, seen.major()))))
                .toList();
        return Plan.of(steps);
    }

    /** Why a server must be restarted, in words; empty when it need not be. */
    private List<String> reasons(MemberSeen member) {
        ServerSeen server = member.server();
        List<String> reasons = new ArrayList<>();
        String file = ServerSettings.conf(member.node()) + "/postgresql.conf";
        if (!server.configFile().equals(file)) {
            reasons.add("it was started with " + server.configFile() + " instead of " + file);
        }
        server.onCommandLine().forEach(n -> reasons.add(n + " was given on its command line"));
        Map<String, String> wanted = ServerSettings.of(cluster, member.member());
        server.settings().forEach((name, row) -> {
            if (needsRestart(member, name, row, wanted)) {
                String target = wanted.containsKey(name) ? wanted.get(name) : "its default, " + row.get("boot_val");
                reasons.add(name + " is " + row.get("setting") + row.getOrDefault("unit", "") + ", wanted " + target);
            }
        });
        return reasons;
    }

    /** The server says so; or, while its files are not right yet, the value that it runs with says so. */
    private static boolean needsRestart(
            MemberSeen member, String name, Map<String, String> row, Map<String, String> wanted) {
        if (!row.getOrDefault("context", "").equals("postmaster")) {
            return false;
        }
        boolean isWritten = isWritten(member, name, wanted);
        if (isWritten && !ConfigurationPlan.isUnread(member)) {
            return row.getOrDefault("pending_restart", "").equals("true");
        }
        if (wanted.containsKey(name)) {
            return !Amount.isSame(wanted.get(name), row);
        }
        return !row.getOrDefault("setting", "").equals(row.getOrDefault("boot_val", ""));
    }

    private static boolean isWritten(MemberSeen member, String name, Map<String, String> wanted) {
        if (member.server().altered().containsKey(name)) {
            return false;
        }
        String is = Drift.byName(member.disk().files().getOrDefault("postgresql.conf", List.of()))
                .get(name);
        String should = wanted.containsKey(name)
                ? Drift.byName(ServerSettings.lines(Map.of(name, wanted.get(name))))
                        .get(name)
                : null;
        return java.util.Objects.equals(is, should);
    }

    private boolean isLowering(MemberSeen member) {
        Map<String, String> wanted = ServerSettings.of(cluster, member.member());
        return NOT_BELOW_THE_PRIMARY.stream()
                .filter(n -> needsRestart(member, n, row(member, n), wanted))
                .anyMatch(n -> number(wanted.getOrDefault(n, row(member, n).getOrDefault("boot_val", "")))
                        < number(row(member, n).getOrDefault("setting", "0")));
    }

    /** A standby keeps in its control file how much its primary ran with, as far as it has replayed; see start.sh. */
    private Optional<Step> replayed(MemberSeen member, MemberSeen primary) {
        boolean isHeldUp = member.server().onCommandLine().stream().anyMatch(NOT_BELOW_THE_PRIMARY::contains);
        if (member.node().equals(primary.node()) || !isHeldUp && !isLowering(member)) {
            return Optional.empty();
        }
        return Optional.of(Step.on(
                        cluster.name(),
                        "Wait until " + member.name() + " has replayed what " + primary.name() + " runs with")
                .because("with lower settings than it has replayed of its primary it would not start")
                .until(until.hasReplayed(primary.node(), member.member()), REPLAY));
    }

    private static Map<String, String> row(MemberSeen member, String name) {
        return member.server().settings().getOrDefault(name, Map.of());
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    private Step restarted(MemberSeen member, MemberSeen primary, int major) {
        boolean isPrimary = member.node().equals(primary.node());
        boolean isWaitedFor = Commits.parse(primary.server().synchronousNames()).contains(member.name());
        return Step.on(cluster.name(), "Restart " + member.name())
                .because(Drift.told(reasons(member)))
                .risk(isPrimary || isWaitedFor ? Risk.PAUSE : Risk.NONE)
                .type(
                        typing.sql(member.node(), Script.of("postgres/checkpoint.sql")),
                        typing.stop(member, major),
                        typing.start(member, major))
                .until(isPrimary ? runsAsDeclared(member) : runsAndFollows(member, primary), RESTART);
    }

    private Condition runsAsDeclared(MemberSeen member) {
        return until.member(
                member.member(),
                member.name() + " runs with the settings that are declared",
                m -> m.isUp() && reasons(m).isEmpty(),
                m -> m.isUp() ? Drift.told(reasons(m)) : m.answer().sentence());
    }

    private Condition runsAndFollows(MemberSeen member, MemberSeen primary) {
        Condition runs = runsAsDeclared(member);
        Condition follows = until.follows(primary.node(), member.member());
        return new Condition(runs.says() + ", and " + follows.says(), world -> {
            Condition.Glimpse first = runs.look().at(world);
            return first.holds() ? follows.look().at(world) : first;
        });
    }
}
