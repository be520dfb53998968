package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The observed state of a cluster and its repository, from which backups are planned.
 *
 * @param compatibility the feature compatibility version; empty if unknown
 * @param collections the collections of a sharded cluster, by name, with the UUID, which changes with a move or resharding
 * @param locked members with the lock of a backup, with their last operation
 * @param here the repository as this host observes it; {@code hostMounts} as the hosts of members observe it; both only
 *     before Holdfast writes there
 */
public record BackupState(
        MongoState mongo,
        RepositoryState repositoryState,
        String compatibility,
        Map<String, String> collections,
        Map<NodeState, ClusterTime> locked,
        RepositoryMount here,
        Map<Node, RepositoryMount> hostMounts)
        implements ExtendedClusterState {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static BackupState look(
            ExecutionContext context, Topology topology, MongoCluster cluster, BackupRepository repository) {
        MongoState mongo = ClusterProbe.at(context, topology, cluster);
        RepositoryState repositoryState = RepositoryState.look(context, repository, cluster.allSets());
        Optional<NodeState> controlPrimary =
                mongo.controlSet().primary().filter(p -> !p.login().isAnonymous());
        return new BackupState(
                mongo,
                repositoryState,
                controlPrimary.map(p -> compatibility(context, p)).orElse(""),
                controlPrimary
                        .filter(p -> cluster.isSharded())
                        .map(p -> collections(context, p))
                        .orElse(Map.of()),
                locked(context, mongo),
                new RepositoryMount("", false, 0, 0),
                Map.of());
    }

    /** Returns the same with the repository as every host observes it. */
    BackupState withHostMounts(ExecutionContext context) {
        String root = repositoryState.repository().root();
        List<Node> nodes = mongo.sets().stream()
                .flatMap(s -> s.members().stream())
                .map(NodeState::node)
                .toList();
        List<RepositoryMount> mounts = context.sideBySide(nodes.stream()
                .<Supplier<RepositoryMount>>map(n -> () -> RepositoryMount.look(context, n.host(), root, n.data()))
                .toList());
        Map<Node, RepositoryMount> byNode = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            byNode.put(nodes.get(i), mounts.get(i));
        }
        return new BackupState(
                mongo,
                repositoryState,
                compatibility,
                collections,
                locked,
                RepositoryMount.look(context, BackupRepository.HERE, root, "/nowhere"),
                byNode);
    }

    private static String compatibility(ExecutionContext context, NodeState server) {
        return ServerQueries.compatibility(context, server.node(), server.login())
                .text("version");
    }

    private static Map<String, String> collections(ExecutionContext context, NodeState server) {
        Map<String, String> found = new LinkedHashMap<>();
        ServerQueries.find(context, server.node(), server.login(), "config", "collections.json")
                .forEach(c -> found.put(c.text("_id"), c.text("uuid")));
        return found;
    }

    private static Map<NodeState, ClusterTime> locked(ExecutionContext context, MongoState mongo) {
        List<NodeState> members = mongo.sets().stream()
                .flatMap(s -> s.members().stream())
                .filter(m -> m.answers() && !m.login().isAnonymous() && !m.isArbiter())
                .toList();
        List<Boolean> answers = context.sideBySide(members.stream()
                .<Supplier<Boolean>>map(m -> () -> isLocked(context, m))
                .toList());
        Map<NodeState, ClusterTime> locked = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            if (answers.get(i)) {
                locked.put(members.get(i), lastOf(context, members.get(i)));
            }
        }
        return locked;
    }

    static boolean isLocked(ExecutionContext context, NodeState server) {
        return ServerQueries.reply(context, server.node(), server.login(), "locked.json")
                .is("fsyncLock");
    }

    /** Returns the last operation in a member's oplog. */
    static ClusterTime lastOf(ExecutionContext context, NodeState server) {
        return ServerQueries.find(context, server.node(), server.login(), "local", "oplog-last.json").stream()
                .findFirst()
                .map(o -> ClusterTime.of(OpTime.of(o)))
                .orElse(ClusterTime.NONE);
    }

    /** Returns the bytes of a set's oplog after a cluster time; -1 if its server does not answer in time. */
    static long bytesAfter(ExecutionContext context, NodeState server, ClusterTime moment) {
        Script script = Script.of("mongodb/oplog-backlog.json").with("after", moment.json());
        ActionResult answer = context.ask(
                new RunDocumentCommand(server.node(), server.login(), "local", script, Access.LOOK, PATIENCE));
        return answer.isOk()
                ? MongoDocument.of(answer.row()).batch().stream()
                        .mapToLong(d -> d.number("bytes"))
                        .sum()
                : -1;
    }

    /** Returns the differences that make a backup stale; empty if it is not stale. */
    List<String> stale(String label) {
        Set<String> why = new TreeSet<>();
        for (ReplicaSetInventory inventory : repositoryState.inventories()) {
            inventory.copy(label).ifPresent(copy -> {
                if (!compatibility.isEmpty() && !copy.compatibility().equals(compatibility)) {
                    why.add("the feature compatibility version was " + copy.compatibility() + " and is "
                            + compatibility);
                }
                List<String> shards = shards();
                if (!shards.isEmpty() && !copy.shards().equals(shards)) {
                    why.add("the shards were " + copy.shards() + " and are " + shards);
                }
                copy.collections().forEach((name, was) -> {
                    String is = collections.get(name);
                    if (is != null && !is.equals(was)) {
                        why.add(name + " was moved, resharded or created again");
                    }
                });
            });
        }
        return List.copyOf(why);
    }

    List<String> shards() {
        return mongo.sharding().shards().stream().map(s -> s.text("_id")).toList();
    }

    @Override
    public ClusterState observed() {
        return mongo;
    }
}
