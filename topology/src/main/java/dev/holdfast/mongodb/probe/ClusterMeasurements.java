package dev.holdfast.mongodb.probe;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measurement;
import dev.holdfast.model.Host;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.ReplicationLag;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * An observation of a MongoDB cluster with what it measures for monitoring. Only the first operation of each oplog is queried in
 * addition, from members that have answered.
 */
public record ClusterMeasurements(ClusterState observed, List<Measurement> measurements)
        implements ExtendedClusterState {

    /** @param wider the observation to extend, which was made from the given state */
    public static ClusterMeasurements look(ExecutionContext context, MongoState state, ClusterState wider) {
        Map<NodeState, MongoDocument> first = new LinkedHashMap<>();
        List<NodeState> members = state.sets().stream()
                .flatMap(s -> s.members().stream())
                .filter(n -> n.answers() && !n.isArbiter() && n.isAdmin())
                .toList();
        List<MongoDocument> answers = context.sideBySide(members.stream()
                .<Supplier<MongoDocument>>map(n -> () -> first(context, n))
                .toList());
        for (int i = 0; i < members.size(); i++) {
            first.put(members.get(i), answers.get(i));
        }
        return new ClusterMeasurements(wider, of(state, first));
    }

    private static MongoDocument first(ExecutionContext context, NodeState member) {
        return ServerQueries.find(context, member.node(), member.login(), "local", "oplog-first.json").stream()
                .findFirst()
                .orElse(MongoDocument.EMPTY);
    }

    /**
     * Returns the measurements; what is unknown is left out.
     *
     * @param oplogs the first operation in the oplog of each member that reported it
     */
    public static List<Measurement> of(MongoState state, Map<NodeState, MongoDocument> oplogs) {
        List<Measurement> all = new ArrayList<>();
        for (ReplicaSetState set : state.sets()) {
            set(set, all);
            set.members().forEach(n -> member(set, n, oplogs.getOrDefault(n, MongoDocument.EMPTY), all));
        }
        hosts(state).forEach((host, answers) -> all.add(Measurement.ofHost(Measure.HOST_REACHABLE, host, answers)));
        return List.copyOf(all);
    }

    private static void set(ReplicaSetState set, List<Measurement> all) {
        String group = set.name();
        all.add(Measurement.ofGroup(Measure.HAS_PRIMARY, group, set.primary().isPresent()));
        all.add(Measurement.ofGroup(
                Measure.PRIMARIES,
                group,
                set.members().stream()
                        .filter(n -> n.isPrimary() && n.setName().equals(group))
                        .count()));
        MongoDocument status = set.status();
        if (status.has("term")) {
            all.add(Measurement.ofGroup(Measure.TERM, group, status.number("term")));
        }
        if (set.primary().isPresent() && status.number("writeMajorityCount") > 0) {
            all.add(Measurement.ofGroup(
                    Measure.WRITABLE, group, acknowledging(set) >= status.number("writeMajorityCount")));
        }
    }

    /** Returns how many voting members with data the primary reaches, itself included. */
    private static long acknowledging(ReplicaSetState set) {
        Set<String> voters = set.config().docs("members").stream()
                .filter(m -> m.number("votes") > 0 && !m.is("arbiterOnly"))
                .map(m -> m.text("host"))
                .collect(Collectors.toSet());
        return set.status().docs("members").stream()
                .filter(m -> voters.contains(m.text("name")))
                .filter(m -> m.number("health") == 1 && (m.number("state") == 1 || m.number("state") == 2))
                .count();
    }

    private static void member(ReplicaSetState set, NodeState member, MongoDocument first, List<Measurement> all) {
        ReplicationLag.of(set.status(), set.config(), member.node().endpoint())
                .ifPresent(lag -> all.add(Measurement.ofNode(Measure.LAG_SECONDS, member.node(), lag)));
        if (!member.isOutOfReach()) {
            all.add(Measurement.ofNode(Measure.FENCED, member.node(), member.isFenced()));
        }
        long size = member.reply().options().doc("replication").number("oplogSizeMB");
        if (size > 0 && !member.isArbiter()) {
            all.add(Measurement.ofNode(Measure.OPLOG_SIZE, member.node(), size * 1024.0 * 1024.0));
        }
        long last = member.reply().status().doc("optimes").doc("appliedOpTime").seconds("ts");
        if (first.has("ts") && last > 0) {
            all.add(Measurement.ofNode(Measure.OPLOG_WINDOW, member.node(), Math.max(0, last - first.seconds("ts"))));
        }
    }

    /** Returns whether each host answers. A host answers when it reports any of its nodes. */
    private static Map<Host, Boolean> hosts(MongoState state) {
        Map<Host, Boolean> answers = new LinkedHashMap<>();
        state.servers()
                .forEach(n -> answers.merge(n.node().host(), n.hostFacts().answers(), Boolean::logicalOr));
        return answers;
    }
}
