package dev.holdfast.postgres;

import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Maneuver.Decided;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.Action;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Brings a moment back.
 *
 * <ol>
 *   <li>Refuse what cannot be reached, with the nearest moments that can, or whereto there is no room; nothing is touched.
 *   <li>What of the moment is not archived yet is archived; a marker commit proves that nothing more belongs to it.
 *   <li>In place: the entrances are closed, the members stopped and fenced, their data kept aside: see {@link RestoreInPlace}.
 *   <li>A base copy is brought to its place; its log is replayed to the moment, where it stands still.
 *   <li>Every row of it is read; only then it is opened for writes, on a timeline of its own.
 *   <li>In place and elsewhere: the others are cloned from it, commits wait for them, clients are let in, and a base copy of
 *       the new timeline is made.
 * </ol>
 *
 * Invariants: a copy beside archives nowhere and follows nobody; data that was there before is never thrown away; nothing is
 * opened that was not verified.
 */
final class PostgresRestore {

    /** Overrides that a way was not seen through on real servers. */
    private static final String UNTRIED = "untried";

    private static final Duration MOMENT = Duration.ofMinutes(2);
    private static final Duration ARCHIVING = Duration.ofMinutes(5);
    private static final Duration READING = Duration.ofHours(6);

    private final PostgresCluster cluster;
    private final RestoreOrder order;
    private final RestoreSite site;
    private final RestoreProbes probes;
    private final RestoreTyping typing;
    private final RestoreInPlace inPlace;
    private final boolean ownRepository;

    private PostgresRestore(Topology topology, PostgresCluster cluster, RestoreOrder order) {
        this.cluster = cluster;
        this.order = order;
        Topology sourceTopology =
                order.into() instanceof RestoreOrder.Elsewhere elsewhere ? elsewhere.source() : topology;
        PostgresCluster source = order.into() instanceof RestoreOrder.Elsewhere
                ? (PostgresCluster) sourceTopology.cluster(cluster.name()).orElseThrow()
                : cluster;
        this.site = new RestoreSite(topology, cluster, order.into());
        this.probes = new RestoreProbes(topology, cluster, sourceTopology, source, site, order);
        Archive archive = probes.vault().archive();
        this.typing = new RestoreTyping(topology, cluster, archive, site.isBeside());
        this.inPlace = new RestoreInPlace(topology, cluster, site, probes, typing);
        this.ownRepository = sourceTopology == topology
                || Repository.of(cluster)
                        .map(r -> !r.of(topology.name(), cluster.name()).equals(archive.folder()))
                        .orElse(true);
    }

    static Maneuver<RestoreSeen> maneuver(Topology topology, PostgresCluster cluster, RestoreOrder order) {
        PostgresRestore restore = new PostgresRestore(topology, cluster, order);
        return new Maneuver<>(restore.book(), restore::decided);
    }

    static Runbook<?> discard(Topology topology, PostgresCluster cluster, String label) {
        return new RestoreDiscard(topology, cluster, label).book();
    }

    private Runbook<RestoreSeen> book() {
        List<Act<RestoreSeen>> acts = new ArrayList<>();
        acts.add(new Act<>(
                "decision",
                seen -> refusal(seen).map(r -> Plan.refused(List.of(r))).orElse(Plan.NOTHING)));
        acts.add(act("archive", this::archived));
        if (site.isInPlace()) {
            acts.add(act("closing", inPlace::closed));
            acts.add(act("stop", inPlace::stopped));
            acts.add(act("aside", inPlace::aside));
        }
        acts.add(act("copy", this::copied));
        acts.add(act("replay", this::replayed));
        acts.add(act("opening", this::opened));
        if (!pauses()) {
            acts.add(act("passwords", inPlace::passwords));
        }
        acts.add(act("proof", this::proven));
        if (!site.isBeside()) {
            acts.addAll(inPlace.afterwards());
        }
        acts.add(act("result", this::told));
        return new Runbook<>(
                cluster.name(),
                "bring " + cluster.name() + " back to " + order.moment().shown(),
                probes::look,
                acts);
    }

    /** Nothing is planned for what is refused. */
    private Act<RestoreSeen> act(String name, Function<RestoreSeen, Plan> planner) {
        return new Act<>(name, seen -> refusal(seen).isPresent() ? Plan.NOTHING : planner.apply(seen));
    }

    private String where() {
        return site.isBeside() ? "beside " + cluster.name() : site.isInPlace() ? "in place" : "into the other estate";
    }

    private Decided decided(RestoreSeen seen) {
        Optional<Refusal> refusal = refusal(seen);
        if (refusal.isPresent()) {
            return new Decided("nothing is done", refusal.get().what(), refusal, Duration.ZERO);
        }
        Goal goal = seen.goal().orElseThrow();
        String because = seen.isDone()
                ? "that was done already"
                : "the base copy " + goal.label() + " and the log after it reach it"
                        + (goal.archivesFirst() ? ", once " + cluster.name() + " has archived what it wrote last" : "");
        return new Decided(
                "bring " + cluster.name() + " back to " + order.moment().shown() + " " + where() + ", on "
                        + probes.site().node().id(),
                because,
                Optional.empty(),
                Duration.ZERO);
    }

    private Optional<Refusal> refusal(RestoreSeen seen) {
        Node node = probes.site().node();
        if (seen.refusal().isPresent()) {
            return seen.refusal();
        }
        if (!site.isBeside() && !order.overrides().contains(UNTRIED)) {
            return Optional.of(new Refusal(
                    cluster.name(),
                    "a restore " + where() + " of PostgreSQL was not yet seen through on real servers",
                    "restore beside, or try it on a lab with --override=" + UNTRIED));
        }
        if (seen.isBegun() || seen.isDone()) {
            return Optional.empty();
        }
        if (!seen.site().trouble().isEmpty()) {
            return Optional.of(new Refusal(
                    node.id(), "its host does not answer: " + seen.site().trouble(), "make the host answer"));
        }
        if (!ownRepository) {
            return Optional.of(new Refusal(
                    cluster.name(),
                    "the other estate has the same repository as the one it is restored from: it would archive into it",
                    "give it another name: or another repository:"));
        }
        return occupied(seen, node).or(() -> room(seen, node));
    }

    private Optional<Refusal> occupied(RestoreSeen seen, Node node) {
        if (site.isInPlace()) {
            return inPlace.refusal(seen);
        }
        if (!site.isBeside() && seen.now().isFresh()) {
            Plan plan = Preconditions.plan(cluster, seen.now());
            return plan.refusals().stream().findFirst();
        }
        String held =
                seen.site().order().isEmpty() ? seen.site().done() : seen.site().order();
        if (!site.isBeside() || !held.isEmpty() || !seen.site().isAbsent()) {
            return Optional.of(new Refusal(
                    node.id(),
                    held.isEmpty()
                            ? "there is a database already"
                            : "another moment was brought back there: " + held.replaceFirst("\\S+ \\S+ ", ""),
                    site.isBeside()
                            ? "take another --label, or end that one with --discard"
                            : "a restore elsewhere needs an estate that has no database yet"));
        }
        if (seen.site().isPortTaken()) {
            return Optional.of(new Refusal(
                    node.id(), "something listens on " + node.endpoint(), "take another --label: it chooses the port"));
        }
        return Optional.empty();
    }

    private Optional<Refusal> room(RestoreSeen seen, Node node) {
        long needed = seen.goal().orElseThrow().size();
        if (seen.site().free() < 0 || seen.site().free() >= needed) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                node.id(),
                "its host has " + seen.site().free() + " bytes free, and the database takes " + needed,
                "make room there"));
    }

    private Plan archived(RestoreSeen seen) {
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
    private boolean pauses() {
        return site.isBeside() || site.isInPlace();
    }

    private static Wal reached(VaultSeen seen) {
        return seen.shelf().lineage().last().map(l -> Segment.start(l + 1)).orElse(Wal.START);
    }

    private Plan copied(RestoreSeen seen) {
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

    private Plan replayed(RestoreSeen seen) {
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

    private Plan opened(RestoreSeen seen) {
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

    private Plan proven(RestoreSeen seen) {
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
        actions.add(typing.done(node, seen.goal().orElseThrow(), seen.at()));
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

    private Plan told(RestoreSeen seen) {
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
