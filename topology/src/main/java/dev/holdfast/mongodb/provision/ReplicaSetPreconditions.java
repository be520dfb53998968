package dev.holdfast.mongodb.provision;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Plan.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The part of {@link Preconditions} about replica sets and shards: refusals that need the observed state of a whole set. */
final class ReplicaSetPreconditions {

    private static final Set<String> SYSTEM_DATABASES = Set.of("admin", "config", "local");

    private ReplicaSetPreconditions() {}

    /** Refuses a set whose members lost their configuration, are declared with another kind, or would replace lost data. */
    static Optional<Refusal> set(MongoState state, ReplicaSetState set) {
        if (set.isUnread()) {
            return Optional.empty();
        }
        boolean all = set.members().stream().allMatch(NodeState::answers);
        boolean knowsNone = set.members().stream()
                .noneMatch(m -> set.hosts().contains(m.node().endpoint()));
        if (all && knowsNone && !set.isUntouched()) {
            return refuse(
                    state,
                    set,
                    "some members belonged to a replica set before, and no member has a set configuration now",
                    "examine the data of the members; remove the directories of members whose data is not needed");
        }
        Optional<Refusal> second = second(state, set);
        if (second.isPresent()) {
            return second;
        }
        for (Member member : set.desired().members()) {
            Optional<MongoDocument> found = set.config().docs("members").stream()
                    .filter(m -> m.text("host").equals(member.node().endpoint()))
                    .filter(m -> m.is("arbiterOnly") != member.arbiter())
                    .findFirst();
            if (found.isPresent()) {
                return refuse(
                        member.node(),
                        "the member is " + (member.arbiter() ? "a member with data" : "an arbiter")
                                + " and declared as " + (member.arbiter() ? "an arbiter" : "a member with data"),
                        "declare the member on another host or port: an arbiter and a member with data cannot become "
                                + "each other in place");
            }
        }
        return Optional.empty();
    }

    /** Refuses a new set that would be empty although a set with data exists or existed. */
    private static Optional<Refusal> second(MongoState state, ReplicaSetState set) {
        Optional<NodeState> lost = EmptyMembers.lost(set);
        if (lost.isPresent()) {
            return refuse(
                    lost.get().node(),
                    "the data directory " + lost.get().node().data()
                            + " is empty, but the server log shows an earlier membership in a set, and no member of "
                            + set.name() + " has data",
                    "mount the disk of the data directory, or run holdfast restore; for a new and empty set, remove "
                            + lost.get().node().directory());
        }
        return set.isInitiated() || !set.isUntouched()
                ? Optional.empty()
                : state.undeclaredUse()
                        .predecessor(set)
                        .flatMap(
                                s -> refuse(
                                        state,
                                        set,
                                        "the set would be created empty, but the undeclared server "
                                                + s.node().id() + " has data of " + s.set() + " in "
                                                + s.node().directory(),
                                        "declare the set with its present members and name; or, if its data is not needed, move that directory away"));
    }

    /** Refuses a new shard that has data or belongs to another cluster, and a listed shard on other hosts. */
    static Optional<Refusal> shard(MongoState state, ReplicaSetState set) {
        Optional<MongoDocument> listed = state.sharding().shard(set.name());
        if (listed.isPresent()) {
            String hosts = listed.get().text("host");
            boolean strange = set.desiredHosts().stream().noneMatch(hosts::contains)
                    && set.others().isEmpty();
            return strange
                    ? refuse(
                            state,
                            set,
                            "the cluster has a shard of that name on " + hosts,
                            "check the hosts in the topology, or declare another name for the new shard")
                    : Optional.empty();
        }
        String clusterId = set.identity().doc("clusterId").text("$oid");
        if (!clusterId.isEmpty()
                && !state.sharding().clusterId().isEmpty()
                && !clusterId.equals(state.sharding().clusterId())) {
            return refuse(
                    state,
                    set,
                    "the set is a shard of another cluster, " + clusterId + "; this cluster is "
                            + state.sharding().clusterId(),
                    "check the hosts in the topology");
        }
        List<String> databases = set.databases().stream()
                .filter(d -> !SYSTEM_DATABASES.contains(d))
                .toList();
        return databases.isEmpty()
                ? Optional.empty()
                : refuse(
                        state,
                        set,
                        "the set is declared as a new shard and contains databases: " + String.join(", ", databases),
                        "Holdfast adds only an empty set; move or drop the databases first");
    }

    private static Optional<Refusal> refuse(Node node, String what, String hint) {
        return Optional.of(new Refusal(node.id(), what, hint));
    }

    private static Optional<Refusal> refuse(MongoState state, ReplicaSetState set, String what, String hint) {
        return Optional.of(new Refusal(state.lane(set), what, hint));
    }
}
