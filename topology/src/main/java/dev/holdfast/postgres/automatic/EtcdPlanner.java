package dev.holdfast.postgres.automatic;

import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.automatic.AutomaticRecords.AuthState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The stages of the etcd servers that Holdfast runs: their processes, and their users. */
final class EtcdPlanner {

    private static final Duration START = Duration.ofSeconds(60);

    private final PostgresCluster cluster;
    private final AutomaticActions actions;
    private final AutomaticProbe probe;

    EtcdPlanner(PostgresCluster cluster, AutomaticActions actions, AutomaticProbe probe) {
        this.cluster = cluster;
        this.actions = actions;
        this.probe = probe;
    }

    Plan processes(AutomaticState state) {
        return Plan.of(state.etcd().stream()
                .filter(e -> e.hostFacts().isUp() || e.hostFacts().isDown())
                .flatMap(e -> process(e).stream())
                .toList());
    }

    private Optional<Step> process(EtcdMember member) {
        Optional<String> why = wrong(member);
        if (why.isEmpty()) {
            return Optional.empty();
        }
        String name = member.node().name();
        boolean isUp = member.hostFacts().isUp();
        boolean isConfigured = configuration(member).isEmpty();
        Step.Builder step = Step.on(
                        member.node().id(),
                        isUp && isConfigured
                                ? "Wait until etcd on " + name + " has a leader"
                                : isUp ? "Restart etcd on " + name : "Start etcd on " + name)
                .because(why.get())
                .risk(Risk.NONE);
        if (!isUp || !isConfigured) {
            step.type(actions.startEtcd(member.node()));
        }
        return Optional.of(step.until(
                probe.etcd(
                        member.node(),
                        "etcd on " + name + " runs with the declared configuration and sees a leader",
                        e -> e.hostFacts().isUp() && wrong(e).isEmpty(),
                        e -> wrong(e).orElse("etcd runs")),
                START));
    }

    private Optional<String> wrong(EtcdMember member) {
        if (!member.hostFacts().isUp()) {
            return Optional.of("no etcd runs on its host");
        }
        return configuration(member)
                .or(() -> member.status().isEmpty()
                        ? Optional.of("etcd does not answer: " + member.silence())
                        : member.isHealthy() ? Optional.empty() : Optional.of("etcd sees no leader"));
    }

    private Optional<String> configuration(EtcdMember member) {
        String desired = actions.inputs(member.node());
        if (!member.inputs().equals(desired)) {
            return Optional.of("etcd is configured for '" + member.inputs() + "', desired '" + desired + "'");
        }
        if (member.isEdited()) {
            return Optional.of("the configuration was changed manually");
        }
        return member.isStale() ? Optional.of("the configuration is newer than the process") : Optional.empty();
    }

    /**
     * Plans the users, when etcd answers or will answer after the stage of the processes. Unknown counts as wrong, because a second
     * run changes nothing, and a Patroni of version 4 does not start while etcd requires no login.
     */
    Plan authentication(AutomaticState state) {
        boolean isNew = state.etcd().stream().noneMatch(EtcdMember::isHealthy)
                && state.etcd().stream().noneMatch(EtcdMember::isBorn);
        boolean isAnswering = state.etcd().stream().anyMatch(EtcdMember::isHealthy);
        boolean isWrong = state.auth().map(a -> a != AuthState.ON).orElse(isAnswering);
        if (state.etcd().isEmpty() || !isNew && !isWrong) {
            return Plan.NOTHING;
        }
        boolean isRefused = state.auth().filter(a -> a == AuthState.REFUSED).isPresent();
        EtcdMember first = state.etcd().stream()
                .filter(EtcdMember::isHealthy)
                .findFirst()
                .orElse(state.etcd().get(0));
        return Plan.of(List.of(Step.on(cluster.name(), "Require a login for etcd")
                .because(
                        isRefused
                                ? "etcd rejects the login or the permissions of the Patroni user"
                                : isWrong && state.auth().isEmpty()
                                        ? "etcd has not answered whether it requires a login"
                                        : "etcd accepts requests without a login")
                .type(actions.authentication(first.node()))
                .until(probe.hasAuthentication(), START)));
    }
}
