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
 * The member of each set that is backed up, or the reason why none can be.
 *
 * @param label the label of the backups
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
        return state.repositoryState().inventory(set.name()).copy(label).isPresent();
    }

    /** Returns the reasons why no backup can be made, before any change. */
    List<Refusal> refusals(boolean lab) {
        List<Refusal> refusals = new ArrayList<>();
        if (!state.repositoryState().trouble().isEmpty()) {
            refusals.add(new Refusal(
                    repository.path(),
                    state.repositoryState().trouble(),
                    "the repository must be on this host or mounted here"));
        }
        for (MongoSet set : cluster.allSets()) {
            if (isCopied(set)) {
                continue;
            }
            Optional<NodeState> source = source(set);
            if (source.isEmpty()) {
                refusals.add(
                        new Refusal(
                                name(set),
                                "no healthy member with data exists for a backup",
                                "holdfast status shows the members; make a member with data answer, then run the command again"));
            } else if (source.get().isPrimary() && !lab) {
                refusals.add(new Refusal(
                        name(set),
                        "no healthy secondary exists, and a backup of the primary "
                                + source.get().node().id() + " would make writes wait",
                        "make a secondary answer, or declare a hidden member for the replica set"));
            } else if (!state.here().mark().isEmpty()) {
                String trouble = state.hostMounts().get(source.get().node()).trouble(state.here());
                if (!trouble.isEmpty()) {
                    refusals.add(new Refusal(
                            source.get().node().id(),
                            trouble,
                            repository.path() + " must be one directory for this host and the hosts of all members,"
                                    + " e.g. a network mount"));
                }
            }
        }
        return refusals;
    }

    /** Returns a hidden secondary, otherwise the one with the lowest priority; without a secondary, the primary. */
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
