package dev.holdfast.postgres.restore;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.backup.BackupState;
import dev.holdfast.postgres.backup.ReplayTarget;
import dev.holdfast.postgres.backup.RepositoryProbe;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.value.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The steps that restore a recovery target at its destination. */
record RestoreSteps(
        PostgresCluster cluster,
        RestoreRequest request,
        RestoreDestination destination,
        RestoreProbe probes,
        RestoreActions serverActions,
        InPlaceRestoreStages inPlace) {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    private static final Duration ARCHIVING = Duration.ofMinutes(5);
    private static final Duration READING = Duration.ofHours(6);

    Plan archived(RestoreState state) {
        ReplayTarget goal = state.goal().orElseThrow();
        if (!goal.archivesFirst()
                || state.isBegun()
                || state.isDone()
                || state.now().primary().isEmpty()) {
            return Plan.NOTHING;
        }
        Node primary = state.now().primary().orElseThrow().node();
        return Plan.of(List.of(Step.on(primary.id(), "Archive the last WAL of " + primary.name())
                .because("the recovery target is after the last archived commit")
                .type(serverActions.plain().sql(primary, Script.of("postgres/switch-segment.sql")))
                .until(
                        new Condition("the WAL up to this step is archived", context -> {
                            BackupState now = probes.repository().look(context);
                            boolean isThere =
                                    reached(now).isPast(state.backups().end());
                            return new ProbeResult(isThere, "the archive reaches to " + reached(now));
                        }),
                        ARCHIVING)));
    }

    /**
     * In another estate, clients log in only after the server has this estate's passwords, which it gets once it accepts
     * writes.
     */
    boolean pauses() {
        return destination.isSideBySide() || destination.isInPlace();
    }

    private static Lsn reached(BackupState state) {
        return state.repository().lineage().end().orElse(Lsn.START);
    }

    Plan copied(RestoreState state) {
        if (state.isDone() || !state.destination().isAbsent() || destination.isInPlace() && !inPlace.isCleared(state)) {
            return Plan.NOTHING;
        }
        Member member = probes.destination();
        ReplayTarget goal = state.goal().orElseThrow();
        return Plan.of(List.of(Step.on(
                        member.node().id(),
                        "Restore the base backup " + goal.label() + " to "
                                + member.node().id())
                .because("the WAL reaches " + request.moment().shown())
                .type(
                        serverActions.createDirectory(member.node()),
                        serverActions.configure(member, goal.settings(pauses())),
                        serverActions.copy(member.node(), goal, destination.isInPlace()))
                .until(
                        destination("the base backup is complete", s -> !s.isAbsent(), s -> "data " + s.data()),
                        RestoreActions.COPYING)));
    }

    private Condition destination(
            String description, Predicate<DestinationState> holds, Function<DestinationState, String> message) {
        return new Condition(description, context -> {
            DestinationState state = probes.destination(context);
            if (!state.trouble().isEmpty()) {
                return Condition.notYet(state.trouble());
            }
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    Plan replayed(RestoreState state) {
        if (!state.isBegun()
                || !state.destination().isRecovering()
                || state.destination().isPaused()) {
            return Plan.NOTHING;
        }
        Member member = probes.destination();
        return Plan.of(List.of(Step.on(
                        member.node().id(), "Replay WAL to " + request.moment().shown())
                .because(member.node().name() + " has the base backup "
                        + state.goal().orElseThrow().label())
                .type(
                        serverActions.configure(member, state.goal().get().settings(pauses())),
                        serverActions.replay(member.node(), binaries(state)))
                .until(
                        destination(
                                "replay has reached the recovery target" + (pauses() ? " and is paused" : ""),
                                s -> pauses() ? s.isPaused() : s.isUp() && !s.isRecovering(),
                                s -> s.server().sentence()),
                        RestoreActions.COPYING)));
    }

    private String binaries(RestoreState state) {
        return state.now().members().stream()
                .filter(m -> m.node().host().equals(probes.destination().node().host()))
                .map(m -> RepositoryProbe.binaries(state.now(), m.node()))
                .findFirst()
                .orElse("");
    }

    Plan opened(RestoreState state) {
        if (!state.isBegun() || !state.destination().isPaused()) {
            return Plan.NOTHING;
        }
        Node node = probes.destination().node();
        List<Action> read = reading(node);
        if (state.destination().reached().isEmpty()) {
            return Plan.refused(List.of(new Refusal(
                    node.id(),
                    "replay is paused, but the server log does not confirm that the replay reached the recovery target",
                    "read " + node.log() + "/restore.log")));
        }
        if (state.destination().isLockedOut()) {
            read.clear();
            read.add(serverActions.resume(node));
        } else {
            read.add(serverActions.sql(node, PostgresCluster.ADMIN, "restore-open", MOMENT));
        }
        return Plan.of(List.of(Step.on(
                        node.id(),
                        (state.destination().isLockedOut()
                                ? "End the recovery of " + node.name()
                                : "Read every row of " + node.name() + ", then open the server for writes"))
                .because(state.destination().reached())
                .risk(destination.isSideBySide() ? Risk.NONE : Risk.PAUSE)
                .type(read)
                .until(
                        destination(
                                node.name() + " accepts writes",
                                DestinationState::isOpen,
                                s -> s.server().sentence()),
                        READING)));
    }

    /** The restored roles have the passwords of the recovery target, or of the source estate. */
    Plan passwords(RestoreState state) {
        if (!state.isBegun()
                || !state.destination().isLockedOut()
                || !state.destination().isOpen()) {
            return Plan.NOTHING;
        }
        Node node = probes.destination().node();
        List<Action> actions = new ArrayList<>(serverActions.passwords(node, binaries(state)));
        if (pauses()) {
            actions.addAll(reading(node));
        }
        return Plan.of(List.of(Step.on(
                        node.id(),
                        "Set the passwords of the roles to this estate's" + (pauses() ? ", and read every row" : ""))
                .because("the roles have the passwords of the recovery target or of the source estate")
                .type(actions)
                .until(
                        destination(
                                "Holdfast logs in",
                                s -> s.isUp() && !s.isLockedOut(),
                                s -> s.server().sentence()),
                        READING)));
    }

    private List<Action> reading(Node node) {
        List<Action> read = new ArrayList<>();
        for (String database : List.of(PostgresCluster.ADMIN, cluster.database())) {
            read.add(serverActions.sql(node, database, "restore-read", READING));
        }
        return read;
    }

    Plan proven(RestoreState state) {
        if (!state.isBegun()
                || !state.destination().isOpen()
                || state.destination().isRecovering()) {
            return Plan.NOTHING;
        }
        Member member = probes.destination();
        Node node = member.node();
        List<Action> actions = new ArrayList<>(pauses() ? List.of() : reading(node));
        actions.add(serverActions.plain().role(node, ServerConfiguration.ofPrimary("")));
        actions.add(serverActions.plain().reload(node));
        if (destination.isSideBySide()) {
            actions.add(serverActions.sql(node, cluster.database(), "restore-indexes", READING));
        }
        actions.add(serverActions.noted(node, state.goal().orElseThrow(), state.at()));
        actions.add(serverActions.done(node, state.goal().orElseThrow()));
        return Plan.of(List.of(Step.on(node.id(), "Record the verified restore of " + node.name())
                .because("every row was read, and the server accepts writes")
                .type(actions)
                .until(
                        destination(
                                "the restore is recorded",
                                s -> s.order().isEmpty() && !s.done().isEmpty(),
                                s -> s.order()),
                        READING)));
    }

    Plan report(RestoreState state) {
        if (!state.isDone()) {
            return Plan.NOTHING;
        }
        Node node = probes.destination().node();
        String there = destination.isSideBySide()
                ? node.id() + " on " + node.endpoint() + " has the data of "
                        + request.moment().shown()
                        + " and the passwords of that time; to remove the restored server, "
                        + "run holdfast restore " + cluster.name() + " --discard --label "
                        + ((RestoreRequest.SideBySide) request.into()).label()
                : cluster.name() + " was restored to " + request.moment().shown();
        return new Plan(
                List.of(),
                List.of(),
                List.of(there, node.name() + ": " + state.destination().reached()));
    }
}
