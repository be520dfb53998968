package dev.holdfast.postgres.provision;

import dev.holdfast.execution.Script;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stage that restarts the servers whose settings need it, one by one. The first server that does not return ends the stage.
 *
 * <ol>
 *   <li>Every running standby must follow its primary before another server is stopped.
 *   <li>Disaster-recovery copies restart first, then the synchronous standbys, and the primary last.
 *   <li>The settings {@link RestartReasons#NOT_BELOW_THE_PRIMARY} of a standby must not be lower than those of its primary: it stops
 *       replaying, and does not start. Raised values apply to the standbys first. Lowered values apply to the primary first,
 *       then to each standby once it has replayed the change.
 *   <li>When some values rise and others fall, standbys restart twice. At the first restart, {@code start.sh} passes the higher
 *       of the old and the new value of each setting on the command line.
 *   <li>Before the primary stops, its archiver must finish a segment: a clean shutdown waits for the archiver, and writes wait
 *       too.
 * </ol>
 */
final class RollingRestartPlanner {

    private static final Duration RESTART = Duration.ofMinutes(5);
    private static final Duration REPLAY = Duration.ofMinutes(2);
    private static final Duration ARCHIVING = Duration.ofSeconds(60);
    /** The time limit of stopping a primary, because writes wait meanwhile. */
    private static final Duration STOP = Duration.ofSeconds(20);

    private static final Duration STANDBY_STOP = Duration.ofSeconds(110);
    private final PostgresCluster cluster;
    private final MemberActions actions;
    private final MemberConditions until;
    private final RestartReasons reasons;

    RollingRestartPlanner(PostgresCluster cluster, MemberActions actions, MemberConditions until) {
        this.cluster = cluster;
        this.actions = actions;
        this.until = until;
        this.reasons = new RestartReasons(cluster);
    }

    Plan plan(PostgresState state) {
        if (state.primary().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        List<MemberState> standbys = new ArrayList<>();
        state.others()
                .filter(m ->
                        m.isStandby() && !m.isOutOfReach() && !reasons.of(m).isEmpty())
                .forEach(m -> standbys.add(0, m));
        boolean isPrimaryOne = !primary.isOutOfReach() && !reasons.of(primary).isEmpty();
        boolean isMixed = isPrimaryOne && reasons.isChanging(primary, true) && reasons.isChanging(primary, false);
        List<Step> steps = new ArrayList<>();
        if (isPrimaryOne && reasons.isChanging(primary, false) && !isMixed) {
            steps.addAll(ofPrimary(primary, state.major()));
        }
        for (MemberState standby : standbys) {
            if (!isMixed) {
                replayed(standby, primary).ifPresent(steps::add);
            }
            steps.add(restarted(standby, primary, state.major()));
        }
        if (isPrimaryOne && (!reasons.isChanging(primary, false) || isMixed)) {
            steps.addAll(ofPrimary(primary, state.major()));
        }
        if (isMixed) {
            standbys.stream().filter(s -> reasons.isChanging(s, false)).forEach(s -> {
                replayed(s, primary).ifPresent(steps::add);
                steps.add(loweredAtLast(s, primary, state.major()));
            });
        }
        if (!steps.isEmpty()) {
            steps.addAll(0, arrivals(state, primary));
        }
        return Plan.of(steps);
    }

    /**
     * Plans a wait for a standby that is starting, for example after an earlier restart. A stopped standby ends the stage
     * earlier.
     */
    private List<Step> arrivals(PostgresState state, MemberState primary) {
        return state.others()
                .filter(m -> !m.isOutOfReach() && !m.isDown() && !m.isPrimary() && !state.follows(m))
                .map(m -> Step.on(cluster.name(), "Wait until " + m.name() + " follows before a restart")
                        .because(m.name() + " does not follow " + primary.name()
                                + ", and until then no other server is stopped")
                        .until(until.standbyRuns(primary.node(), m.member()), RESTART))
                .toList();
    }

    private List<Step> ofPrimary(MemberState primary, int major) {
        List<Step> steps = new ArrayList<>();
        if (cluster.repository().isPresent()) {
            steps.add(archived(primary));
        }
        steps.add(restarted(primary, primary, major));
        return steps;
    }

    private Step archived(MemberState primary) {
        return Step.on(cluster.name(), "Archive the current segment of " + primary.name())
                .because("a clean shutdown waits for the archiver, and writes wait too")
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
                        : ", which has not finished")
                + "; the server still runs";
    }

    /** The control file of a standby holds the settings of its primary, as far as it has replayed; see start.sh. */
    private Optional<Step> replayed(MemberState member, MemberState primary) {
        boolean isLowered = !RestartReasons.heldUp(member).isEmpty() || reasons.isChanging(member, false);
        if (!isLowered || RestartReasons.isBelow(member, primary)) {
            return Optional.empty();
        }
        return Optional.of(
                Step.on(cluster.name(), "Wait until " + member.name() + " replays the settings of " + primary.name())
                        .because(member.name() + " would not start with lower settings than it has replayed")
                        .until(until.hasReplayed(primary.node(), member.member()), REPLAY));
    }

    private Step restarted(MemberState member, MemberState primary, int major) {
        boolean isPrimary = member.node().equals(primary.node());
        boolean mayStayHeldUp = !reasons.left(member, true).isEmpty();
        return restart("Restart " + member.name(), member, primary, major)
                .because(ConfigurationDiff.description(reasons.of(member)))
                .until(
                        isPrimary ? runsAsDeclared(member, false) : runsAndFollows(member, primary, mayStayHeldUp),
                        RESTART);
    }

    private Step loweredAtLast(MemberState member, MemberState primary, int major) {
        return restart("Restart " + member.name() + " with the lower settings", member, primary, major)
                .because("until now it needed the previous settings of " + primary.name())
                .until(runsAndFollows(member, primary, false), RESTART);
    }

    /** Plans the revert of a stop that exceeds its time limit: an immediate shutdown, and a start with crash recovery. */
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

    /** @param held whether settings may be higher than declared, because the WAL still needs them */
    private Condition runsAsDeclared(MemberState member, boolean held) {
        return until.member(
                member.member(),
                member.name() + " runs with the declared settings",
                m -> m.isUp() && reasons.left(m, held).isEmpty(),
                m -> m.isUp()
                        ? ConfigurationDiff.description(reasons.left(m, held))
                        : m.answer().sentence());
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
