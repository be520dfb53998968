package dev.holdfast.postgres;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.BackupDue.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a restore does to the declared servers themselves, around the replay.
 *
 * <p>Before: the entrances are closed, every member is stopped with a fence that says why, and all data is moved aside on its
 * own disk. After: the members are cloned from the one that was brought back, as {@code apply} does it.
 */
final class RestoreInPlace {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    private static final Duration STOPPING = Duration.ofMinutes(5);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final RestoreSite site;
    private final RestoreProbes probes;
    private final RestoreTyping typing;
    private final TakeoverTyping takeover;
    private final Until until;

    RestoreInPlace(
            Topology topology, PostgresCluster cluster, RestoreSite site, RestoreProbes probes, RestoreTyping typing) {
        this.topology = topology;
        this.cluster = cluster;
        this.site = site;
        this.probes = probes;
        this.typing = typing;
        this.takeover = new TakeoverTyping(topology, cluster);
        this.until = new Until(new PostgresProbes(topology, cluster));
    }

    Optional<Refusal> refusal(RestoreSeen seen) {
        return seen.now().members().stream()
                .filter(m -> m.isOutOfReach() || !m.isUp() && !m.isDown())
                .findFirst()
                .map(m -> new Refusal(
                        m.node().id(),
                        m.isOutOfReach()
                                ? "its host does not answer: " + m.hostTrouble()
                                : "its process is there, but: " + m.answer().sentence(),
                        "all members are taken back together; make it answer, or stop it",
                        Exit.UNREACHABLE));
    }

    private static boolean isFenced(MemberSeen member) {
        return member.disk().fence().filter(Fence::isRestore).isPresent();
    }

    private boolean isSite(MemberSeen member) {
        return member.node().equals(probes.site().node());
    }

    /** Nothing of the copy is there yet. */
    private static boolean isBefore(RestoreSeen seen) {
        return !seen.isBegun() && !seen.isDone();
    }

    Plan closed(RestoreSeen seen) {
        if (!isBefore(seen)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        seen.now().proxies().stream()
                .filter(ProxySeen::isUp)
                .filter(p -> !p.writesGoTo().isEmpty() || !p.readsGoTo().isEmpty())
                .forEach(p -> steps.add(Step.on(
                                p.node().id(), "Close the proxy " + p.node().name() + " to clients")
                        .because("nobody may write until the moment was brought back and verified")
                        .risk(Risk.PAUSE)
                        .type(takeover.route(p.proxy(), List.of(), List.of()))
                        .until(
                                until.proxy(
                                        p.proxy(),
                                        "it lets nobody through",
                                        s -> s.writesGoTo().isEmpty()
                                                && s.readsGoTo().isEmpty(),
                                        s -> "writes to " + s.writesGoTo() + ", reads to " + s.readsGoTo()),
                                MOMENT)));
        return Plan.of(steps);
    }

    Plan stopped(RestoreSeen seen) {
        if (!isBefore(seen)) {
            return Plan.NOTHING;
        }
        Fence fence = seen.now().members().stream()
                .flatMap(m -> m.disk().fence().stream())
                .filter(Fence::isRestore)
                .findFirst()
                .orElseGet(() -> new Fence(
                        Fence.RESTORE,
                        seen.now().leader().map(MemberSeen::timeline).orElse(0),
                        probes.site().node().name(),
                        seen.at().toString()));
        List<Step> steps = new ArrayList<>();
        seen.now().members().stream()
                .filter(m -> !isFenced(m) || !m.isDown())
                .forEach(m ->
                        steps.add(Step.on(m.node().id(), "Stop " + m.name() + " and fence it until the restore is done")
                                .because("its data is kept aside; what it wrote last is archived as it stops")
                                .risk(Risk.DANGER)
                                .type(typing.stop(m.node(), VaultProbes.binaries(seen.now(), m.node()), fence))
                                .until(
                                        until.member(
                                                m.member(),
                                                m.name() + " is stopped and fenced",
                                                s -> s.isDown() && isFenced(s),
                                                s -> s.state().toString()),
                                        STOPPING)));
        return Plan.of(steps);
    }

    Plan aside(RestoreSeen seen) {
        if (!isBefore(seen)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        seen.now().members().stream()
                .filter(m -> m.isDown() && isFenced(m) && m.disk().hasDatabase())
                .forEach(m -> steps.add(keptAside(m)));
        return Plan.of(steps);
    }

    private Step keptAside(MemberSeen member) {
        String name =
                "before-restore-" + member.disk().fence().orElseThrow().at().replaceAll("[^0-9TZ]", "");
        return Step.on(member.node().id(), "Keep the data of " + member.name() + " aside in kept/" + name)
                .because("it is given up only by a person, when the restore has proven itself")
                .risk(Risk.DANGER)
                .type(typing.aside(member.node(), name))
                .until(
                        until.member(
                                member.member(),
                                "its data folder is empty",
                                s -> !s.disk().hasDatabase(),
                                s -> "it is there"),
                        MOMENT);
    }

    /** All members are stopped and their data is aside. */
    boolean isCleared(RestoreSeen seen) {
        return seen.now().members().stream().allMatch(m -> m.isDown() && isFenced(m) && !m.hasDatabase());
    }

    /** What brings the whole cluster back once one member holds the moment. */
    List<Act<RestoreSeen>> afterwards() {
        List<Act<RestoreSeen>> acts = new ArrayList<>();
        acts.add(new Act<>("fences", this::released));
        for (Act<PostgresSeen> act :
                PostgresProvision.runbook(topology, cluster).acts()) {
            if (!act.name().equals("preconditions")) {
                acts.add(new Act<>(
                        act.name(), seen -> isReady(seen) ? act.planner().apply(seen.now()) : Plan.NOTHING));
            }
        }
        acts.add(new Act<>("base copy", this::copied));
        return acts;
    }

    private static boolean isReady(RestoreSeen seen) {
        return seen.isDone() && seen.now().primary().isPresent();
    }

    /** The restored roles have the passwords of the estate they come from. */
    Plan passwords(RestoreSeen seen) {
        Node node = probes.site().node();
        boolean isLockedOut = seen.site().isUp() && seen.site().server().isRefused("28P01");
        if (!seen.isBegun() || !isLockedOut) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(Step.on(node.id(), "Give " + PostgresCluster.ADMIN + " this estate's password")
                .because("it has the one of the estate it was restored from")
                .type(typing.password(node, VaultProbes.binaries(seen.now(), node)))
                .until(
                        until.member(
                                probes.site(),
                                "Holdfast comes in",
                                MemberSeen::isUp,
                                m -> m.answer().sentence()),
                        MOMENT)));
    }

    private Plan released(RestoreSeen seen) {
        if (!isReady(seen)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        seen.now().members().stream()
                .filter(m -> !isSite(m) && isFenced(m))
                .forEach(m -> steps.add(Step.on(m.node().id(), "Let " + m.name() + " be started again")
                        .because("the moment was brought back; it is cloned from "
                                + probes.site().node().name())
                        .type(takeover.resume(m.node()))
                        .until(
                                until.member(
                                        m.member(),
                                        "it is not fenced",
                                        s -> s.disk().fence().isEmpty(),
                                        s -> "it is"),
                                MOMENT)));
        return Plan.of(steps);
    }

    /** Recovery to a later moment must not have to go through the end of the replaced timeline. */
    private Plan copied(RestoreSeen seen) {
        if (!isReady(seen) || seen.own().isEmpty()) {
            return Plan.NOTHING;
        }
        VaultSeen own = seen.own().get();
        boolean isMade = own.newest().isPresent() && !own.isStale();
        return isMade || own.shelf().system().isEmpty() || own.isFailing()
                ? Plan.NOTHING
                : Plan.of(List.of(PostgresBackup.copied(
                        cluster,
                        new VaultProbes(topology, cluster),
                        own,
                        new Due("full", "it is the first of the new timeline"))));
    }
}
