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
import dev.holdfast.postgres.value.WalSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** What is typed to bring a moment back to its place, wherever that is. */
record RestoreSteps(
        PostgresCluster cluster,
        RestoreRequest order,
        RestoreDestination site,
        RestoreProbe probes,
        RestoreActions typing,
        InPlaceRestoreStages inPlace) {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    private static final Duration ARCHIVING = Duration.ofMinutes(5);
    private static final Duration READING = Duration.ofHours(6);

    Plan archived(RestoreState seen) {
        ReplayTarget goal = seen.goal().orElseThrow();
        if (!goal.archivesFirst()
                || seen.isBegun()
                || seen.isDone()
                || seen.now().primary().isEmpty()) {
            return Plan.NOTHING;
        }
        Node primary = seen.now().primary().orElseThrow().node();
        return Plan.of(List.of(Step.on(primary.id(), "Let " + primary.name() + " archive what it wrote last")
                .because("the moment is after the last commit that is archived")
                .type(typing.plain().sql(primary, Script.of("postgres/switch-segment.sql")))
                .until(
                        new Condition("what was written before is in the archive", world -> {
                            BackupState now = probes.vault().look(world);
                            boolean isThere = reached(now).isPast(seen.vault().end());
                            return new ProbeResult(isThere, "the archive reaches to " + reached(now));
                        }),
                        ARCHIVING)));
    }

    /** Elsewhere nobody comes in before it has this estate's passwords, and those are given when it takes writes. */
    boolean pauses() {
        return site.isBeside() || site.isInPlace();
    }

    private static Lsn reached(BackupState seen) {
        return seen.shelf().lineage().last().map(l -> WalSegment.start(l + 1)).orElse(Lsn.START);
    }

    Plan copied(RestoreState seen) {
        if (seen.isDone() || !seen.site().isAbsent() || site.isInPlace() && !inPlace.isCleared(seen)) {
            return Plan.NOTHING;
        }
        Member member = probes.site();
        ReplayTarget goal = seen.goal().orElseThrow();
        return Plan.of(List.of(Step.on(
                        member.node().id(),
                        "Bring the base copy " + goal.label() + " to "
                                + member.node().id())
                .because("its log reaches to " + order.moment().shown())
                .type(
                        typing.ground(member.node()),
                        typing.configure(member, goal.settings(pauses())),
                        typing.copy(member.node(), goal, site.isInPlace()))
                .until(
                        site("the copy is whole", s -> !s.isAbsent(), s -> "data " + s.data()),
                        RestoreActions.COPYING)));
    }

    private Condition site(String says, Predicate<DestinationState> holds, Function<DestinationState, String> told) {
        return new Condition(says, world -> {
            DestinationState seen = probes.site(world);
            return new ProbeResult(holds.test(seen), told.apply(seen));
        });
    }

    Plan replayed(RestoreState seen) {
        if (!seen.isBegun() || !seen.site().isRecovering() || seen.site().isPaused()) {
            return Plan.NOTHING;
        }
        Member member = probes.site();
        return Plan.of(List.of(Step.on(
                        member.node().id(),
                        "Replay the log to " + order.moment().shown())
                .because("it has the base copy " + seen.goal().orElseThrow().label())
                .type(
                        typing.configure(member, seen.goal().get().settings(pauses())),
                        typing.replay(member.node(), binaries(seen)))
                .until(
                        site(
                                "it has come to the moment" + (pauses() ? " and stands still there" : ""),
                                s -> pauses() ? s.isPaused() : s.isUp() && !s.isRecovering(),
                                s -> s.server().sentence()),
                        RestoreActions.COPYING)));
    }

    private String binaries(RestoreState seen) {
        return seen.now().members().stream()
                .filter(m -> m.node().host().equals(probes.site().node().host()))
                .map(m -> RepositoryProbe.binaries(seen.now(), m.node()))
                .findFirst()
                .orElse("");
    }

    Plan opened(RestoreState seen) {
        if (!seen.isBegun() || !seen.site().isPaused()) {
            return Plan.NOTHING;
        }
        Node node = probes.site().node();
        List<Action> read = reading(node);
        if (seen.site().reached().isEmpty()) {
            return Plan.refused(List.of(new Refusal(
                    node.id(),
                    "it stands still, and its log does not say that it came to the moment",
                    "look at " + node.log() + "/restore.log")));
        }
        if (seen.site().isLockedOut()) {
            read.clear();
            read.add(typing.resume(node));
        } else {
            read.add(typing.sql(node, PostgresCluster.ADMIN, "restore-open", MOMENT));
        }
        return Plan.of(List.of(Step.on(
                        node.id(),
                        (seen.site().isLockedOut()
                                ? "End the recovery of " + node.name()
                                : "Read every row of " + node.name() + ", then open it for writes"))
                .because(seen.site().reached())
                .risk(site.isBeside() ? Risk.NONE : Risk.PAUSE)
                .type(read)
                .until(
                        site(
                                "it takes writes",
                                DestinationState::isOpen,
                                s -> s.server().sentence()),
                        READING)));
    }

    /** The restored roles have the passwords of the moment, or of the estate they come from. */
    Plan passwords(RestoreState seen) {
        if (!seen.isBegun() || !seen.site().isLockedOut() || !seen.site().isOpen()) {
            return Plan.NOTHING;
        }
        Node node = probes.site().node();
        List<Action> actions = new ArrayList<>(List.of(typing.password(node, binaries(seen))));
        if (pauses()) {
            actions.addAll(reading(node));
        }
        return Plan.of(List.of(Step.on(
                        node.id(),
                        "Give " + PostgresCluster.ADMIN + " this estate's password"
                                + (pauses() ? ", and read every row" : ""))
                .because("it has another one, of the moment or of the estate that it comes from")
                .type(actions)
                .until(
                        site(
                                "Holdfast logs in",
                                s -> s.isUp() && !s.isLockedOut(),
                                s -> s.server().sentence()),
                        READING)));
    }

    private List<Action> reading(Node node) {
        List<Action> read = new ArrayList<>();
        for (String database : List.of(PostgresCluster.ADMIN, cluster.database())) {
            read.add(typing.sql(node, database, "restore-read", READING));
        }
        return read;
    }

    Plan proven(RestoreState seen) {
        if (!seen.isBegun() || !seen.site().isOpen() || seen.site().isRecovering()) {
            return Plan.NOTHING;
        }
        Member member = probes.site();
        Node node = member.node();
        List<Action> actions = new ArrayList<>(pauses() ? List.of() : reading(node));
        actions.add(typing.plain().role(node, ServerConfiguration.ofPrimary("")));
        actions.add(typing.plain().reload(node));
        if (site.isBeside()) {
            actions.add(typing.sql(node, cluster.database(), "restore-indexes", READING));
        }
        actions.add(typing.noted(node, seen.goal().orElseThrow(), seen.at()));
        actions.add(typing.done(node, seen.goal().orElseThrow()));
        return Plan.of(List.of(Step.on(node.id(), "Note that " + node.name() + " was brought back and verified")
                .because("every row was read and it takes writes")
                .type(actions)
                .until(
                        site(
                                "that is noted",
                                s -> s.order().isEmpty() && !s.done().isEmpty(),
                                s -> s.order()),
                        READING)));
    }

    Plan told(RestoreState seen) {
        if (!seen.isDone()) {
            return Plan.NOTHING;
        }
        Node node = probes.site().node();
        String there = site.isBeside()
                ? node.id() + " on " + node.endpoint() + " holds "
                        + order.moment().shown() + ", with the passwords of "
                        + "then; end it with holdfast restore " + cluster.name() + " --discard --label "
                        + ((RestoreRequest.Beside) order.into()).label()
                : cluster.name() + " was brought back to " + order.moment().shown();
        return new Plan(
                List.of(),
                List.of(),
                List.of(there, node.name() + ": " + seen.site().reached()));
    }
}
