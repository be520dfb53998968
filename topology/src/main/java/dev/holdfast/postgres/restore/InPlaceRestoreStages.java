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
 * The stages of an in-place restore on the declared servers, before and after the replay.
 *
 * <p>Before the replay, Holdfast closes the client endpoints, stops and fences every member, and preserves all data on its own
 * disk. After the replay, it clones the other members from the restored one, as {@code apply} does.
 */
final class InPlaceRestoreStages {

    private static final Duration MOMENT = Duration.ofMinutes(2);
    private static final Duration STOPPING = Duration.ofMinutes(5);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final RestoreDestination destination;
    private final RestoreProbe probes;
    private final RestoreActions actions;
    private final RoleChangeActions takeover;
    private final MemberConditions until;

    InPlaceRestoreStages(
            Topology topology,
            PostgresCluster cluster,
            RestoreDestination destination,
            RestoreProbe probes,
            RestoreActions actions) {
        this.topology = topology;
        this.cluster = cluster;
        this.destination = destination;
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
                                ? "the host does not answer: " + m.hostTrouble()
                                : "the process exists, but: " + m.answer().sentence(),
                        "an in-place restore includes all members; make this member answer, or stop it",
                        ExitCode.UNREACHABLE));
    }

    private static boolean isFenced(MemberState member) {
        return member.disk().fence().filter(FenceMark::isRestore).isPresent();
    }

    private boolean isSite(MemberState member) {
        return member.node().equals(probes.destination().node());
    }

    /** Returns whether the restore has no data yet, and servers must be stopped. */
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
                        .because("clients must not write until the restore is verified")
                        .risk(Risk.PAUSE)
                        .type(takeover.route(p.proxy(), List.of(), List.of()))
                        .until(
                                until.proxy(
                                        p.proxy(),
                                        p.node().name() + " has no open route",
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
                        probes.destination().node().name(),
                        state.at().toString()));
        List<Step> steps = new ArrayList<>();
        state.now().members().stream()
                .filter(m -> !isFenced(m) || !m.isDown())
                .forEach(m -> steps.add(Step.on(m.node().id(), "Stop " + m.name() + " and fence it for the restore")
                        .because("the data is preserved next; the server archives its last WAL during the stop")
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
        return Step.on(member.node().id(), "Preserve the data of " + member.name() + " in kept/" + name)
                .because("only the operator discards the data, after a check of the restore")
                .risk(Risk.DANGER)
                .type(actions.aside(member.node(), name))
                .until(
                        until.member(
                                member.member(),
                                "the data directory of " + member.name() + " is empty",
                                s -> !s.disk().hasDatabase(),
                                s -> "the data directory has a database"),
                        MOMENT);
    }

    /** Returns whether all members are stopped with preserved data; new machines have none. */
    boolean isCleared(RestoreState state) {
        if (probes.isBare()) {
            return state.now().members().stream().allMatch(m -> m.isDown() && !m.hasDatabase());
        }
        return state.now().members().stream().allMatch(m -> m.isDown() && isFenced(m) && !m.hasDatabase());
    }

    /** Returns the stages that complete the cluster once one member is restored. */
    List<Stage<RestoreState>> afterwards() {
        List<Stage<RestoreState>> stages = new ArrayList<>();
        stages.add(new Stage<>("fences", this::released));
        for (Stage<PostgresState> stage :
                ProvisionRunbook.runbook(topology, cluster).stages()) {
            if (!stage.name().equals("preconditions")) {
                stages.add(new Stage<>(
                        stage.name(), state -> isReady(state) ? stage.planner().apply(state.now()) : Plan.NOTHING));
            }
        }
        stages.add(new Stage<>("base backup", this::copied));
        return stages;
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
                .forEach(m -> steps.add(Step.on(m.node().id(), "Remove the fence of " + m.name())
                        .because("the recovery target was restored; the member is cloned from "
                                + probes.destination().node().name())
                        .type(takeover.resume(m.node()))
                        .until(
                                until.member(
                                        m.member(),
                                        m.name() + " is not fenced",
                                        s -> s.disk().fence().isEmpty(),
                                        s -> m.name() + " is fenced"),
                                MOMENT)));
        return Plan.of(steps);
    }

    /** Plans a base backup, so that a later recovery does not have to replay the fork from the replaced timeline. */
    private Plan copied(RestoreState state) {
        if (!isReady(state) || state.own().isEmpty()) {
            return Plan.NOTHING;
        }
        BackupState own = state.own().get();
        boolean isMade = own.newest().isPresent() && !own.isStale();
        return isMade || own.repository().system().isEmpty() || own.isFailing()
                ? Plan.NOTHING
                : Plan.of(List.of(BackupRunbook.copied(
                        cluster,
                        new RepositoryProbe(topology, cluster),
                        own,
                        new Due("full", "this backup is the first one on the new timeline"))));
    }
}
