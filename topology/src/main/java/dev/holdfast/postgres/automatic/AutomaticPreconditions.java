package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.provision.Preconditions;
import dev.holdfast.postgres.state.MemberState;
import java.util.ArrayList;
import java.util.List;

/**
 * The first stage of apply for a cluster that Patroni runs: the preconditions of every change. It has refusals and open
 * differences, never steps.
 */
final class AutomaticPreconditions {

    private final AutomaticActions actions;

    AutomaticPreconditions(AutomaticActions actions) {
        this.actions = actions;
    }

    Plan plan(AutomaticState state) {
        List<Refusal> refusals = new ArrayList<>();
        List<Refusal> open = new ArrayList<>();
        if (state.servers().splitBrain().isThere()) {
            refusals.add(new Refusal(
                    state.cluster().name(),
                    state.servers().splitBrain().sentence(),
                    state.servers().splitHint(),
                    state.servers().splitBrain().exit()));
        }
        state.servers().members().forEach(m -> member(state, m, refusals));
        state.etcd().forEach(e -> etcd(e, refusals));
        if (state.isPaused()) {
            open.add(new Refusal(
                    state.cluster().name(),
                    "Patroni is paused, so no failover happens",
                    state.resume(),
                    ExitCode.INCOMPLETE));
        }
        return Preconditions.ofHosts(state.cluster(), state.servers())
                .and(new Plan(List.of(), refusals, List.of(), List.of(), open));
    }

    /** A server that Patroni has never run may be the primary of a cluster that a person fails over. */
    private static void member(AutomaticState state, MemberState member, List<Refusal> refusals) {
        boolean isByHand = member.hasDatabase()
                && !member.isOutOfReach()
                && state.patroni(member).isReachable()
                && !state.patroni(member).isConfigured();
        if (isByHand) {
            refusals.add(new Refusal(
                    member.node().id(),
                    "the member has a data directory that Patroni does not manage. Holdfast cannot convert the member to"
                            + " failover: automatic. Nothing was changed",
                    "declare failover: manual again, or restore a backup into a new cluster"));
        }
        if (member.disk().fence().isPresent() && member.isDown()) {
            refusals.add(new Refusal(
                    member.node().id(),
                    "the member is fenced: "
                            + member.disk().fence().orElseThrow().description(),
                    "remove " + member.node().directory() + "/fence when the member may run again"));
        }
    }

    private void etcd(EtcdMember member, List<Refusal> refusals) {
        Node node = member.node();
        HostFacts host = member.hostFacts();
        if (host.isPortTakenByUnknown()) {
            refusals.add(new Refusal(
                    node.id(),
                    "something else listens on " + node.endpoint(),
                    "declare another port in the topology, or stop the process that listens there"));
        }
        if (!host.isUp() && !host.isDown()) {
            return;
        }
        if (host.directoryOwner() == DirectoryOwner.FOREIGN) {
            refusals.add(new Refusal(
                    node.id(),
                    node.directory() + " is not empty and has no mark of this cluster",
                    "declare another directory in the topology, or move the existing directory away"));
        }
        for (String program : List.of("etcd", "etcdctl", "setsid")) {
            if (host.programs().getOrDefault(program, "").isEmpty()) {
                refusals.add(new Refusal(
                        node.id(),
                        "an etcd server is declared, but " + program + " is not installed on "
                                + node.host().name(),
                        "install it (Debian: apt-get install etcd-server etcd-client util-linux)"));
            }
        }
        if (!member.closed().isEmpty()) {
            refusals.add(new Refusal(
                    node.id(),
                    "the user of etcd has no permission to search " + member.closed(),
                    "choose another directory: in the topology, or chmod a+x " + member.closed()));
        }
        if (member.isBorn() && !member.inputs().isEmpty() && !member.inputs().equals(actions.inputs(node))) {
            refusals.add(new Refusal(
                    node.id(),
                    "the etcd server was created for '" + member.inputs() + "', desired '" + actions.inputs(node)
                            + "'; Holdfast cannot change the etcd servers of a running cluster yet",
                    "declare the same etcd servers and ports again"));
        }
    }
}
