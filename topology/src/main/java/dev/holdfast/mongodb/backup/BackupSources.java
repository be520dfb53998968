package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which member of each set is copied, and why none can be.
 *
 * @param label of the copies that are made
 */
record BackupSources(MongoCluster cluster, BackupRepository repository, BackupState state, String label) {

    String name(MongoSet set) {
        return cluster.name() + "/" + set.name();
    }

    ReplicaSetState set(MongoSet set) {
        return state.mongo().sets().stream()
                .filter(s -> s.name().equals(set.name()))
                .findFirst()
                .orElseThrow();
    }

    boolean isCopied(MongoSet set) {
        return state.stock().shelf(set.name()).copy(label).isPresent();
    }

    /** Why no copy can be made at all, before anything is touched. */
    List<Refusal> refusals(boolean lab) {
        List<Refusal> refusals = new ArrayList<>();
        if (!state.stock().trouble().isEmpty()) {
            refusals.add(new Refusal(
                    repository.path(),
                    state.stock().trouble(),
                    "the repository must be on this machine or mounted here"));
        }
        for (MongoSet set : cluster.allSets()) {
            if (isCopied(set)) {
                continue;
            }
            Optional<NodeState> source = source(set);
            if (source.isEmpty()) {
                refusals.add(new Refusal(
                        name(set),
                        "no member with data is at work that could be copied",
                        "holdfast status shows them; bring one back first"));
            } else if (source.get().isPrimary() && !lab) {
                refusals.add(new Refusal(
                        name(set),
                        "only its primary " + source.get().node().id()
                                + " could be copied, and writes would wait for as long as that takes",
                        "bring a secondary back, or give the set a hidden member"));
            } else if (!state.here().mark().isEmpty()) {
                String trouble = state.grounds().get(source.get().node()).trouble(state.here());
                if (!trouble.isEmpty()) {
                    refusals.add(new Refusal(
                            source.get().node().id(),
                            trouble,
                            repository.path() + " must be one folder for this machine and the hosts of all members,"
                                    + " e.g. a network mount"));
                }
            }
        }
        return refusals;
    }

    /** A hidden secondary, else the one that is least wanted as primary; only without any the primary itself. */
    Optional<NodeState> source(MongoSet set) {
        List<NodeState> members = set(set).members().stream()
                .filter(m -> m.answers() && m.isAdmin() && !m.isArbiter())
                .filter(m -> m.isSecondary() || m.isPrimary())
                .toList();
        return members.stream()
                .min(Comparator.<NodeState, Boolean>comparing(NodeState::isPrimary)
                        .thenComparing(m -> !declared(set, m).delay().isZero())
                        .thenComparing(m -> !declared(set, m).hidden())
                        .thenComparing(m -> declared(set, m).priority())
                        .thenComparing(m -> -set.nodes().indexOf(m.node())));
    }

    private static Member declared(MongoSet set, NodeState server) {
        return set.members().stream()
                .filter(m -> m.node().equals(server.node()))
                .findFirst()
                .orElseThrow();
    }
}
