package dev.holdfast.postgres;

import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.Action;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** What is typed to bring a moment back to its place, wherever that is. */
record RestoreSteps(
        PostgresCluster cluster,
        RestoreOrder order,
        RestoreSite site,
        RestoreProbes probes,
        RestoreTyping typing,
        RestoreInPlace inPlace) {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    private static final Duration ARCHIVING = Duration.ofMinutes(5);
    private static final Duration READING = Duration.ofHours(6);

    Plan archived(RestoreSeen seen) {
        Goal goal = seen.goal().orElseThrow();
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
                            VaultSeen now = probes.vault().look(world);
                            boolean isThere = reached(now).isPast(seen.vault().end());
                            return new Glimpse(isThere, "the archive reaches to " + reached(now));
                        }),
                        ARCHIVING)));
    }

    /** Elsewhere nobody comes in before it has this estate's passwords, and those are given when it takes writes. */
    boolean pauses() {
        return site.isBeside() || site.isInPlace();
    }

    private static Wal reached(VaultSeen seen) {
        return seen.shelf().lineage().last().map(l -> Segment.start(l + 1)).orElse(Wal.START);
    }

    Plan copied(RestoreSeen seen) {
        if (seen.isDone() || !seen.site().isAbsent() || site.isInPlace() && !inPlace.isCleared(seen)) {
            return Plan.NOTHING;
        }
        Member member = probes.site();
        Goal goal = seen.goal().orElseThrow();
        return Plan.of(List.of(Step.on(
                        member.node().id(),
                        "Bring the base copy " + goal.label() + " to "
                                + member.node().id())
                .because("its log reaches to " + order.moment().shown())
                .type(
                        typing.ground(member.node()),
                        typing.configure(member, goal.settings(pauses())),
                        typing.copy(member.node(), goal))
                .until(site("the copy is whole", s -> !s.isAbsent(), s -> "data " + s.data()), RestoreTyping.COPYING)));
    }

    private Condition site(String says, Predicate<SiteSeen> holds, Function<SiteSeen, String> told) {
        return new Condition(says, world -> {
            SiteSeen seen = probes.site(world);
            return new Glimpse(holds.test(seen), told.apply(seen));
        });
    }

    Plan replayed(RestoreSeen seen) {
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
                        RestoreTyping.COPYING)));
    }

    private String binaries(RestoreSeen seen) {
        return seen.now().members().stream()
                .filter(m -> m.node().host().equals(probes.site().node().host()))
                .map(m -> VaultProbes.binaries(seen.now(), m.node()))
                .findFirst()
                .orElse("");
    }

    Plan opened(RestoreSeen seen) {
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
        read.add(typing.sql(node, PostgresCluster.ADMIN, "restore-open", MOMENT));
        return Plan.of(List.of(Step.on(node.id(), "Read every row of " + node.name() + ", then open it for writes")
                .because(seen.site().reached())
                .risk(site.isBeside() ? Risk.NONE : Risk.PAUSE)
                .type(read)
                .until(site("it takes writes", SiteSeen::isOpen, s -> s.server().sentence()), READING)));
    }

    private List<Action> reading(Node node) {
        List<Action> read = new ArrayList<>();
        for (String database : List.of(PostgresCluster.ADMIN, cluster.database())) {
            read.add(typing.sql(node, database, "restore-read", READING));
        }
        return read;
    }

    Plan proven(RestoreSeen seen) {
        if (!seen.isBegun() || !seen.site().isOpen() || seen.site().isRecovering()) {
            return Plan.NOTHING;
        }
        Member member = probes.site();
        Node node = member.node();
        List<Action> actions = new ArrayList<>(pauses() ? List.of() : reading(node));
        actions.add(typing.plain().role(node, ServerSettings.ofPrimary("")));
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

    Plan told(RestoreSeen seen) {
        if (!seen.isDone()) {
            return Plan.NOTHING;
        }
        Node node = probes.site().node();
        String there = site.isBeside()
                ? node.id() + " on " + node.endpoint() + " holds "
                        + order.moment().shown() + ", with the passwords of "
                        + "then; end it with holdfast restore " + cluster.name() + " --discard --label "
                        + ((RestoreOrder.Beside) order.into()).label()
                : cluster.name() + " was brought back to " + order.moment().shown();
        return new Plan(
                List.of(),
                List.of(),
                List.of(there, node.name() + ": " + seen.site().reached()));
    }
}
