package dev.holdfast.postgres.provision;

import dev.holdfast.execution.Script;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.SettingLines;
import dev.holdfast.postgres.value.SettingValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The act that restarts servers whose settings need it, one after the other; the first that does not come back ends it.
 *
 * <ol>
 *   <li>Every standby that runs must follow its primary before another server is stopped.
 *   <li>Standbys first, disaster-recovery copies before the ones that commits wait for, the primary last.
 *   <li>A standby must not have the settings of {@link #NOT_BELOW_THE_PRIMARY} lower than its primary: it stops replaying, and
 *       does not start. Raised values reach the standbys first. Lowered values reach the primary first, then each standby
 *       once it has replayed that its primary runs with less.
 *   <li>When some go up and others down, standbys are restarted twice. The first time {@code start.sh} gives them on their
 *       command line what the log needs that they have replayed: the higher of the old and the new value of each setting.
 *   <li>Before the primary is stopped, its archiver must finish a segment: a clean stop waits for it, and writes with it.
 * </ol>
 */
final class RollingRestartPlanner {

    private static final Duration RESTART = Duration.ofMinutes(5);
    private static final Duration REPLAY = Duration.ofMinutes(2);
    private static final Duration ARCHIVING = Duration.ofSeconds(60);
    /** Writes wait for so long at most before the stop of a primary is given up. */
    private static final Duration STOP = Duration.ofSeconds(20);

    private static final Duration STANDBY_STOP = Duration.ofSeconds(110);
    private static final Set<String> NOT_BELOW_THE_PRIMARY = Set.of(
            "max_connections",
            "max_wal_senders",
            "max_worker_processes",
            "max_prepared_transactions",
            "max_locks_per_transaction");

    private final PostgresCluster cluster;
    private final MemberActions actions;
    private final MemberConditions until;

    RollingRestartPlanner(PostgresCluster cluster, MemberActions actions, MemberConditions until) {
        this.cluster = cluster;
        this.actions = actions;
        this.until = until;
    }

    Plan plan(PostgresState state) {
        if (state.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        List<MemberState> standbys = new ArrayList<>();
        state.others()
                .filter(m -> m.isStandby() && !m.isOutOfReach() && !reasons(m).isEmpty())
                .forEach(m -> standbys.add(0, m));
        boolean isPrimaryOne = !primary.isOutOfReach() && !reasons(primary).isEmpty();
        boolean isMixed = isPrimaryOne && isChanging(primary, true) && isChanging(primary, false);
        List<Step> steps = new ArrayList<>();
        if (isPrimaryOne && isChanging(primary, false) && !isMixed) {
            steps.addAll(ofPrimary(primary, state.major()));
        }
        for (MemberState standby : standbys) {
            if (!isMixed) {
                replayed(standby, primary).ifPresent(steps::add);
            }
            steps.add(restarted(standby, primary, state.major()));
        }
        if (isPrimaryOne && (!isChanging(primary, false) || isMixed)) {
            steps.addAll(ofPrimary(primary, state.major()));
        }
        if (isMixed) {
            standbys.stream().filter(s -> isChanging(s, false)).forEach(s -> {
                replayed(s, primary).ifPresent(steps::add);
                steps.add(loweredAtLast(s, primary, state.major()));
            });
        }
        if (!steps.isEmpty()) {
            steps.addAll(0, arrivals(state, primary));
        }
        return Plan.of(steps);
    }

    /** A standby that is on its way, such as one that an earlier round has restarted; one that is down ends the act before. */
    private List<Step> arrivals(PostgresState state, MemberState primary) {
        return state.others()
                .filter(m -> !m.isOutOfReach() && !m.isDown() && !m.isPrimary() && !state.follows(m))
                .map(m -> Step.on(cluster.name(), "Wait until " + m.name() + " follows before a restart")
                        .because("no other server is stopped while " + m.name() + " does not follow " + primary.name())
                        .until(until.follows(primary.node(), m.member()), RESTART))
                .toList();
    }

    private List<Step> ofPrimary(MemberState primary, int major) {
        List<Step> steps = new ArrayList<>();
        if (BackupRepository.of(cluster).isPresent()) {
            steps.add(archived(primary));
        }
        steps.add(restarted(primary, primary, major));
        return steps;
    }

    private Step archived(MemberState primary) {
        return Step.on(cluster.name(), "Archive the current segment of " + primary.name())
                .because("a clean stop waits for the archiver, and writes wait with it")
                .looked()
                .type(actions.sql(primary.node(), Script.of("postgres/switch-segment.sql")))
                .until(
                        until.server(
                                primary.node(),
                                "every finished segment of " + primary.name() + " is archived",
                                s -> s.archiver().getOrDefault("ready", "").equals("0"),
                                RollingRestartPlanner::archiver),
                        ARCHIVING);
    }

    private static String archiver(ServerState server) {
        Map<String, String> archiver = server.archiver();
        return archiver.getOrDefault("ready", "?") + " segments wait for archive_command"
                + (archiver.getOrDefault("failing", "").equals("true")
                        ? ", which fails for " + archiver.getOrDefault("last_failed_wal", "?")
                        : ", which has not ended")
                + "; the server was not stopped";
    }

    /** Why a server must be restarted, in words; empty when it need not be. */
    private List<String> reasons(MemberState member) {
        ServerState server = member.server();
        List<String> reasons = new ArrayList<>();
        String file = ServerConfiguration.conf(member.node()) + "/postgresql.conf";
        if (!server.configFile().equals(file)) {
            reasons.add("it was started with " + server.configFile() + " instead of " + file);
        }
        server.onCommandLine().forEach(n -> reasons.add(onCommandLine(n)));
        Map<String, String> desired = ServerConfiguration.of(cluster, member.member());
        server.settings().forEach((name, row) -> {
            if (needsRestart(member, name, row, desired)) {
                String target = desired.containsKey(name) ? desired.get(name) : "its default, " + row.get("boot_val");
                reasons.add(name + " is " + row.get("setting") + row.getOrDefault("unit", "") + ", wanted " + target);
            }
        });
        return reasons;
    }

    private static String onCommandLine(String name) {
        return name + " was given on its command line";
    }

    /** The server says so; or, while its files are not right yet, the value that it runs with says so. */
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
        return java.util.Objects.equals(is, should);
    }

    /** Whether a restart raises, or lowers, a setting that a standby must not have lower than its primary. */
    private boolean isChanging(MemberState member, boolean up) {
        Map<String, String> desired = ServerConfiguration.of(cluster, member.member());
        return NOT_BELOW_THE_PRIMARY.stream()
                .filter(n -> needsRestart(member, n, row(member, n), desired))
                .map(n -> Long.compare(
                        number(desired.getOrDefault(n, row(member, n).getOrDefault("boot_val", ""))),
                        number(row(member, n).getOrDefault("setting", "0"))))
                .anyMatch(c -> up ? c > 0 : c < 0);
    }

    /** It has stopped replaying, or is about to: it runs with less than its primary. */
    private static boolean isBelow(MemberState member, MemberState primary) {
        return NOT_BELOW_THE_PRIMARY.stream()
                .anyMatch(n -> number(row(member, n).getOrDefault("setting", "0"))
                        < number(row(primary, n).getOrDefault("setting", "0")));
    }

    /** A standby keeps in its control file how much its primary ran with, as far as it has replayed; see start.sh. */
    private Optional<Step> replayed(MemberState member, MemberState primary) {
        boolean isLowered = !heldUp(member).isEmpty() || isChanging(member, false);
        if (!isLowered || isBelow(member, primary)) {
            return Optional.empty();
        }
        return Optional.of(Step.on(
                        cluster.name(),
                        "Wait until " + member.name() + " has replayed what " + primary.name() + " runs with")
                .because("with lower settings than it has replayed of its primary it would not start")
                .until(until.hasReplayed(primary.node(), member.member()), REPLAY));
    }

    /** Settings that start.sh has given on the command line, since its log needs more than what is declared. */
    private static List<String> heldUp(MemberState member) {
        return member.server().onCommandLine().stream()
                .filter(NOT_BELOW_THE_PRIMARY::contains)
                .toList();
    }

    private static Map<String, String> row(MemberState member, String name) {
        return member.server().settings().getOrDefault(name, Map.of());
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    private Step restarted(MemberState member, MemberState primary, int major) {
        boolean isPrimary = member.node().equals(primary.node());
        boolean mayStayHeldUp = !left(member, true).isEmpty();
        return restart("Restart " + member.name(), member, primary, major)
                .because(ConfigurationDiff.description(reasons(member)))
                .until(
                        isPrimary ? runsAsDeclared(member, false) : runsAndFollows(member, primary, mayStayHeldUp),
                        RESTART);
    }

    private Step loweredAtLast(MemberState member, MemberState primary, int major) {
        return restart("Restart " + member.name() + " with the lower settings", member, primary, major)
                .because("until then it needed the settings that " + primary.name() + " had before")
                .until(runsAndFollows(member, primary, false), RESTART);
    }

    /** A stop that does not end in time is given up: the server is ended at once, recovers, and goes on as it was. */
    private Step.Builder restart(String title, MemberState member, MemberState primary, int major) {
        boolean isPrimary = member.node().equals(primary.node());
        boolean isWaitedFor = SynchronousStandbyNames.parse(primary.server().synchronousNames())
                .contains(member.name());
        return Step.on(cluster.name(), title)
                .risk(isPrimary || isWaitedFor ? Risk.PAUSE : Risk.NONE)
                .type(
                        actions.sql(member.node(), Script.of("postgres/checkpoint.sql")),
                        actions.stop(member, major, isPrimary ? STOP : STANDBY_STOP),
                        actions.start(member, major))
                .revert(actions.abandonStop(member.node()), actions.start(member, major));
    }

    /** @param held whether settings that its log still needs may be higher than declared */
    private Condition runsAsDeclared(MemberState member, boolean held) {
        return until.member(
                member.member(),
                member.name() + " runs with the settings that are declared",
                m -> m.isUp() && left(m, held).isEmpty(),
                m -> m.isUp()
                        ? ConfigurationDiff.description(left(m, held))
                        : m.answer().sentence());
    }

    private List<String> left(MemberState member, boolean held) {
        List<String> heldUp = held ? heldUp(member) : List.of();
        return reasons(member).stream()
                .filter(r -> heldUp.stream().noneMatch(n -> r.equals(onCommandLine(n)) || r.startsWith(n + " is ")))
                .toList();
    }

    private Condition runsAndFollows(MemberState member, MemberState primary, boolean held) {
        Condition runs = runsAsDeclared(member, held);
        Condition follows = until.follows(primary.node(), member.member());
        return new Condition(runs.description() + ", and " + follows.description(), context -> {
            Condition.ProbeResult first = runs.look().at(context);
            return first.holds() ? follows.look().at(context) : first;
        });
    }
}
