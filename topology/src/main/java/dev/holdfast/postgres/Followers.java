package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.Ruling.Way;
import dev.holdfast.world.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What follows from a change of the primary, once writes are served again.
 *
 * <ol>
 *   <li>The failover is put on record, so that a second one soon after asks a person.
 *   <li>The new primary has a slot for every member, and the part of a primary in its files.
 *   <li>Standbys follow it by a reload, without a restart; one that is ahead of it is rewound.
 *   <li>An old primary that ended where the new one began comes back as a standby, without a rewind.
 *   <li>Slots that nobody comes for any more are dropped.
 *   <li>Commits wait for the standbys that follow, and the record says so; reads go to them.
 * </ol>
 */
final class Followers {

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final TakeoverTyping typing;
    private final TakeoverUntil until;
    private final ComingBack comingBack;
    private final PrimaryPlan primaryPlan;
    private final Commits commits;
    private final ProxyPlan proxies;
    private final SyncRecord record;
    private final boolean startsStopped;

    /** @param startsStopped whether stopped standbys are started: an old primary may be one already when a run was killed */
    Followers(
            Topology topology,
            PostgresCluster cluster,
            TakeoverTyping typing,
            TakeoverUntil until,
            boolean startsStopped) {
        this.startsStopped = startsStopped;
        this.cluster = cluster;
        this.typing = typing;
        this.until = until;
        this.comingBack = new ComingBack(cluster, typing, until);
        Until whole = new Until(new PostgresProbes(topology, cluster));
        this.record = new SyncRecord(topology, cluster);
        this.primaryPlan = new PrimaryPlan(cluster, typing.plain(), whole);
        Prospects prospects = new Prospects(cluster, new ConfigurationPlan(topology, cluster, typing.plain(), whole));
        this.commits = new Commits(cluster, typing.plain(), whole, prospects, record);
        this.proxies = new ProxyPlan(topology, cluster, whole, prospects);
    }

    /** @param isDone whether the change itself is done; before, nothing follows from it */
    List<Act<TakeoverSeen>> acts(Predicate<TakeoverSeen> isDone) {
        return List.of(
                act("record of the failover", isDone, record::failover),
                act("slots", isDone, this::slots),
                act("followers", isDone, this::follow),
                act("stale slots", isDone, this::tidy),
                act("commits", isDone, this::settle),
                act("record", isDone, seen -> record.plan(seen, settle(seen))),
                act("reads", isDone, proxies::routesOfRunning));
    }

    /** What a member that comes back finds there: its slot. */
    List<Act<TakeoverSeen>> before() {
        return List.of(act("slots", seen -> true, this::slots));
    }

    /**
     * What may be done to a standby before it is promoted, so that its first commit waits for nothing but its followers.
     *
     * @param before whom it follows
     */
    List<Step> readied(TakeoverSeen seen, MemberSeen candidate, Node before, String lane) {
        return Stream.of(primaryPlan.slots(candidate, lane), expecting(seen, candidate, before, lane))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The synchronous standbys that can take their log from the candidate follow it while it is promoted. */
    List<Step> repointed(TakeoverSeen seen, MemberSeen candidate) {
        return behind(seen, candidate).stream()
                .flatMap(s -> repointed(candidate, s).stream())
                .toList();
    }

    /** They have nothing that the candidate lacks. */
    private static List<MemberSeen> behind(TakeoverSeen seen, MemberSeen candidate) {
        return seen.standbys().stream()
                .filter(s -> s != candidate && s.member().part() == Part.SYNC)
                .filter(s -> !s.server().end().isPast(candidate.server().end()))
                .toList();
    }

    /** Commits on the new primary wait for the other live synchronous standbys, if there are any, and else for nobody. */
    private Optional<Step> expecting(TakeoverSeen seen, MemberSeen candidate, Node before, String lane) {
        List<String> live =
                behind(seen, candidate).stream().map(MemberSeen::name).toList();
        String names = Commits.names(cluster, candidate.member(), live);
        if (names.equals(candidate.server().synchronousNames())) {
            return Optional.empty();
        }
        Map<String, String> part = new LinkedHashMap<>(ServerSettings.ofStandby(cluster, candidate.member(), before));
        part.put("synchronous_standby_names", names);
        return Optional.of(Step.on(
                        lane,
                        "Let commits on " + candidate.name() + " wait for " + (names.isEmpty() ? "no standby" : names))
                .because("synchronous_standby_names there is '"
                        + candidate.server().synchronousNames() + "', and "
                        + (live.isEmpty() ? "no other standby" : String.join(", ", live)) + " will follow")
                .type(
                        typing.plain().role(candidate.node(), part),
                        typing.plain().reload(candidate.node()))
                .until(
                        until.server(
                                candidate.node(),
                                "it is '" + names + "'",
                                s -> s.synchronousNames().equals(names),
                                s -> "it is '" + s.synchronousNames() + "'"),
                        MOMENT));
    }

    private static Act<TakeoverSeen> act(
            String name, Predicate<TakeoverSeen> isDone, Function<PostgresSeen, Plan> planner) {
        return new Act<>(
                name,
                seen -> isDone.test(seen) && seen.now().primary().isPresent()
                        ? planner.apply(seen.now())
                        : Plan.NOTHING);
    }

    /** Whoever is stopped here stays so: nobody waits for it. */
    private Plan settle(PostgresSeen seen) {
        return commits.settle(seen, m -> false);
    }

    private Plan slots(PostgresSeen seen) {
        MemberSeen primary = seen.primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        primaryPlan.slots(primary, primary.node().id()).ifPresent(steps::add);
        Map<String, String> part = ServerSettings.ofPrimary(Commits.written(primary));
        if (!isWritten(primary, part)) {
            steps.add(partOfAPrimary(primary, part));
        }
        return Plan.of(steps);
    }

    private static boolean isWritten(MemberSeen member, Map<String, String> part) {
        return member.disk().files().getOrDefault("role.conf", List.of()).equals(ServerSettings.lines(part));
    }

    private Step partOfAPrimary(MemberSeen primary, Map<String, String> part) {
        Node node = primary.node();
        return Step.on(node.id(), "Give " + node.name() + " the part of a primary in its files")
                .because("they still say whom it followed")
                .type(typing.plain().role(node, part), typing.plain().reload(node))
                .until(
                        until.disk(
                                primary.member(),
                                "role.conf of " + node.name() + " has the part of a primary",
                                m -> isWritten(m, part),
                                m -> "it has another"),
                        MOMENT);
    }

    private Plan follow(PostgresSeen seen) {
        MemberSeen primary = seen.primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        seen.others().filter(m -> !m.isOutOfReach()).forEach(m -> {
            if (m.isStandby()) {
                steps.addAll(standby(seen, primary, m));
            } else {
                stopped(seen, m, steps, notes);
            }
        });
        return new Plan(steps, List.of(), notes);
    }

    private List<Step> standby(PostgresSeen seen, MemberSeen primary, MemberSeen member) {
        Optional<String> diverged = seen.diverged(member);
        if (diverged.isPresent()) {
            Optional<String> doubt = member.disk().notToBeRewound();
            return comingBack.steps(
                    seen,
                    member,
                    doubt.isPresent() ? Way.CLONE : Way.REWIND,
                    "it is ahead of " + primary.name() + ": " + diverged.get()
                            + doubt.map(d -> "; " + d).orElse(""));
        }
        return repointed(primary, member).map(List::of).orElse(List.of());
    }

    /** Empty when it follows already. */
    Optional<Step> repointed(MemberSeen primary, MemberSeen member) {
        Node node = member.node();
        Map<String, String> part = ServerSettings.ofStandby(cluster, member.member(), primary.node());
        boolean isPointed = isWritten(member, part);
        String state = primary.server().follower(member.name()).getOrDefault("state", "");
        if (isPointed && List.of("streaming", "catchup").contains(state)) {
            return Optional.empty();
        }
        return Optional.of(Step.on(node.id(), "Let " + node.name() + " follow " + primary.name())
                .because(isPointed ? "it does not receive its log" : "it is set to follow another")
                .type(typing.plain().role(node, part), typing.plain().reload(node))
                .until(until.follows(primary.node(), node), MOMENT));
    }

    private void stopped(PostgresSeen seen, MemberSeen member, List<Step> steps, List<String> notes) {
        String rejoin = "; bring it back with holdfast rejoin " + member.node().id();
        Optional<Fence> fence = member.disk().fence();
        if (!member.isDown()) {
            notes.add(member.name() + " does not answer: " + member.answer().sentence());
        } else if (fence.isPresent() && !fence.get().isSwitchover()) {
            notes.add(member.name() + " stays fenced by " + fence.get().told() + rejoin);
        } else if (startsStopped
                && member.disk().part().equals("standby")
                && member.disk().notToBeRewound().isEmpty()
                && seen.diverged(member).isEmpty()) {
            steps.addAll(comingBack.steps(seen, member, Way.FOLLOW, "it is a stopped standby"));
        } else if (!member.wasPrimary()) {
            notes.add(member.name() + " is stopped; start it with holdfast apply");
        } else {
            Optional<String> left = RejoinCase.left(seen, member);
            if (left.isPresent()) {
                notes.add(left.get() + rejoin);
            } else {
                steps.addAll(comingBack.steps(
                        seen,
                        member,
                        Way.FOLLOW,
                        "it ended where " + seen.primary().orElseThrow().name() + " began, so it needs no rewind"));
            }
        }
    }

    private Plan tidy(PostgresSeen seen) {
        List<Step> steps = new ArrayList<>();
        seen.members().stream().filter(MemberSeen::isUp).forEach(m -> {
            List<String> stale = stale(m);
            if (!stale.isEmpty()) {
                steps.add(dropped(m, stale));
            }
        });
        return Plan.of(steps);
    }

    /** On a standby: slots of members, all of which come to the primary now. On the primary: its own. */
    private List<String> stale(MemberSeen member) {
        return cluster.members().stream()
                .filter(m -> member.isStandby() || m.node().equals(member.node()))
                .map(m -> Slots.name(cluster, m))
                .filter(s -> member.server().slots().containsKey(s))
                .filter(s -> !member.server()
                        .slots()
                        .get(s)
                        .getOrDefault("active", "")
                        .equals("true"))
                .toList();
    }

    private Step dropped(MemberSeen member, List<String> stale) {
        Node node = member.node();
        List<Action> actions = stale.stream().map(s -> typing.dropSlot(node, s)).toList();
        return Step.on(node.id(), "Drop the slots " + String.join(", ", stale) + " on " + node.name())
                .because("nobody comes for them there, and they would keep log for ever")
                .type(actions)
                .until(
                        until.server(
                                node,
                                node.name() + " keeps no log for nobody",
                                s -> stale.stream().noneMatch(s.slots()::containsKey),
                                s -> "slots: " + s.slots().keySet()),
                        MOMENT);
    }
}
