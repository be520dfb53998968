package dev.holdfast.postgres.restore;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.backup.BackupRunbook;
import dev.holdfast.postgres.backup.BackupScheduler.Due;
import dev.holdfast.postgres.backup.BackupState;
import dev.holdfast.postgres.backup.RepositoryProbe;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.provision.ProvisionRunbook;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.topology.PostgresCluster;
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
final class InPlaceRestoreStages {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    private static final Duration STOPPING = Duration.ofMinutes(5);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final RestoreDestination site;
    private final RestoreProbe probes;
    private final RestoreActions actions;
    private final RoleChangeActions takeover;
    private final MemberConditions until;

    InPlaceRestoreStages(
            Topology topology,
            PostgresCluster cluster,
            RestoreDestination site,
            RestoreProbe probes,
            RestoreActions actions) {
        this.topology = topology;
        this.cluster = cluster;
        this.site = site;
        this.probes = probes;
        this.actions = actions;
        this.takeover = new RoleChangeActions(topology, cluster);
        this.until = new MemberConditions(new ClusterProbe(topology, cluster));
    }

    Optional<Refusal> refusal(RestoreState state) {
        return state.now().members().stream()
                .filter(m -> m.isOutOfReach() || !m.isUp() && !m.isDown())
                .findFirst()
                .map(m -> new Refusal(
                        m.node().id(),
                        m.isOutOfReach()
                                ? "its host does not answer: " + m.hostTrouble()
                                : "its process is there, but: " + m.answer().sentence(),
                        "all members are taken back together; make it answer, or stop it",
                        ExitCode.UNREACHABLE));
    }

    private static boolean isFenced(MemberState member) {
        return member.disk().fence().filter(FenceMark::isRestore).isPresent();
    }

    private boolean isSite(MemberState member) {
        return member.node().equals(probes.site().node());
    }

    /** Nothing of the copy is there yet, and there is something to stop. */
    private boolean isBefore(RestoreState state) {
        return !state.isBegun() && !state.isDone() && !probes.isBare();
    }

    Plan closed(RestoreState state) {
        if (!isBefore(state)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        state.now().proxies().stream()
                .filter(ProxyState::isUp)
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

    Plan stopped(RestoreState state) {
        if (!isBefore(state)) {
            return Plan.NOTHING;
        }
        FenceMark fence = state.now().members().stream()
                .flatMap(m -> m.disk().fence().stream())
                .filter(FenceMark::isRestore)
                .findFirst()
                .orElseGet(() -> new FenceMark(
                        FenceMark.RESTORE,
                        state.now().leader().map(MemberState::timeline).orElse(0),
                        probes.site().node().name(),
                        state.at().toString()));
        List<Step> steps = new ArrayList<>();
        state.now().members().stream()
                .filter(m -> !isFenced(m) || !m.isDown())
                .forEach(m ->
                        steps.add(Step.on(m.node().id(), "Stop " + m.name() + " and fence it until the restore is done")
                                .because("its data is kept aside; what it wrote last is archived as it stops")
                                .risk(Risk.DANGER)
                                .type(actions.stop(m.node(), RepositoryProbe.binaries(state.now(), m.node()), fence))
                                .until(
                                        until.member(
                                                m.member(),
                                                m.name() + " is stopped and fenced",
                                                s -> s.isDown() && isFenced(s),
                                                s -> s.state().toString()),
                                        STOPPING)));
        return Plan.of(steps);
    }

    Plan aside(RestoreState state) {
        if (!isBefore(state)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        state.now().members().stream()
                .filter(m -> m.isDown() && isFenced(m) && m.disk().hasDatabase())
                .forEach(m -> steps.add(keptAside(m)));
        return Plan.of(steps);
    }

    private Step keptAside(MemberState member) {
        String name = RestoreUndo.keptName(member.disk().fence().orElseThrow());
        return Step.on(member.node().id(), "Keep the data of " + member.name() + " aside in kept/" + name)
                .because("it is given up only by a person, when the restore has proven itself")
                .risk(Risk.DANGER)
                .type(actions.aside(member.node(), name))
                .until(
                        until.member(
                                member.member(),
                                "its data folder is empty",
                                s -> !s.disk().hasDatabase(),
                                s -> "it is there"),
                        MOMENT);
    }

    /** All members are stopped and their data is aside; on bare machines there is none. */
    boolean isCleared(RestoreState state) {
        if (probes.isBare()) {
            return state.now().members().stream().allMatch(m -> m.isDown() && !m.hasDatabase());
        }
        return state.now().members().stream().allMatch(m -> m.isDown() && isFenced(m) && !m.hasDatabase());
    }

    /** What brings the whole cluster back once one member holds the moment. */
    List<Stage<RestoreState>> afterwards() {
        List<Stage<RestoreState>> acts = new ArrayList<>();
        acts.add(new Stage<>("fences", this::released));
        for (Stage<PostgresState> act :
                ProvisionRunbook.runbook(topology, cluster).acts()) {
            if (!act.name().equals("preconditions")) {
                acts.add(new Stage<>(
                        act.name(), state -> isReady(state) ? act.planner().apply(state.now()) : Plan.NOTHING));
            }
        }
        acts.add(new Stage<>("base copy", this::copied));
        return acts;
    }

    private static boolean isReady(RestoreState state) {
        return state.isDone() && state.now().primary().isPresent();
    }

    private Plan released(RestoreState state) {
        if (!isReady(state)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        state.now().members().stream()
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
    private Plan copied(RestoreState state) {
        if (!isReady(state) || state.own().isEmpty()) {
            return Plan.NOTHING;
        }
        BackupState own = state.own().get();
        boolean isMade = own.newest().isPresent() && !own.isStale();
        return isMade || own.shelf().system().isEmpty() || own.isFailing()
                ? Plan.NOTHING
                : Plan.of(List.of(BackupRunbook.copied(
                        cluster,
                        new RepositoryProbe(topology, cluster),
                        own,
                        new Due("full", "it is the first of the new timeline"))));
    }
}
