package dev.holdfast.postgres.runbook;

import dev.holdfast.model.Node;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.replication.SynchronousReplication;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The replication in a simulated cluster state: which member follows which primary, and which standbys commits wait for.
 *
 * @param primary name of the primary; empty when it is lost
 * @param before name of the primary on the first timeline
 */
record SimulatedReplication(
        PostgresCluster cluster, Map<String, MemberPhase> phases, String primary, String before, int timeline) {

    /** The state of a member. */
    enum MemberPhase {
        NOT_CREATED,
        LEADS,
        FOLLOWS,
        /** A running standby whose primary is lost. */
        WAITS,
        /** A former primary whose process has exited. */
        WAS_PRIMARY,
        DOWN
    }

    Node node(String name) {
        return member(name).node();
    }

    private Member member(String name) {
        return cluster.members().stream()
                .filter(m -> m.node().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the synchronous standbys while a member is primary. */
    String names(Member leader) {
        List<String> sync = cluster.members(PostgresCluster.MemberRole.SYNC)
                .map(m -> m.node().name())
                .filter(n -> phases.get(n) == MemberPhase.FOLLOWS || timeline == 1)
                .toList();
        return SynchronousReplication.names(cluster, leader, sync);
    }

    /**
     * Returns the synchronous standbys in the settings of a primary; a promoted member got them before, for the remaining
     * members.
     */
    String running(Member member, MemberPhase phase) {
        boolean isPromoted = timeline > 1 && member.node().name().equals(primary);
        if (isPromoted) {
            List<String> left = cluster.members(PostgresCluster.MemberRole.SYNC)
                    .map(m -> m.node().name())
                    .filter(n -> !n.equals(primary) && !n.equals(before) && phases.get(n) != MemberPhase.DOWN)
                    .toList();
            return new CommitProtection(cluster, primary, left).names();
        }
        return phase == MemberPhase.LEADS && timeline == 1 ? names(member) : "";
    }

    /** Returns the primary's row about each follower. */
    List<Map<String, Object>> followers() {
        List<String> sync =
                primary.isEmpty() || timeline > 1 ? List.of() : SynchronousStandbyNames.parse(names(member(primary)));
        return phases.entrySet().stream()
                .filter(e -> e.getValue() == MemberPhase.FOLLOWS)
                .map(e -> Map.<String, Object>of(
                        "name",
                        e.getKey(),
                        "state",
                        "streaming",
                        "sync_state",
                        sync.contains(e.getKey()) ? "sync" : "async",
                        "pid",
                        "1",
                        "flushed",
                        timeline + "/0",
                        "lsn",
                        timeline + "/0",
                        "lag_bytes",
                        "0"))
                .collect(Collectors.toList());
    }
}
