package dev.holdfast.postgres.probe;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measurement;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** An observation of a PostgreSQL cluster with what it measures for monitoring; asks no server again. */
public record ClusterMeasurements(ClusterState observed, List<Measurement> measurements)
        implements ExtendedClusterState {

    /**
     * @param observed the observation to extend
     * @param servers the state of servers and proxies in it
     */
    public static ClusterMeasurements of(ClusterState observed, PostgresState servers) {
        return new ClusterMeasurements(observed, of(servers));
    }

    /** Returns the measurements; what is unknown is left out. */
    public static List<Measurement> of(PostgresState state) {
        List<Measurement> all = new ArrayList<>();
        String group = PostgresCluster.SERVERS;
        all.add(Measurement.ofGroup(Measure.HAS_PRIMARY, group, state.primary().isPresent()));
        all.add(Measurement.ofGroup(Measure.PRIMARIES, group, state.primaries().size()));
        state.primary().ifPresent(p -> primary(state, p, all));
        for (MemberState member : state.members()) {
            member(state, member, all);
        }
        state.primary()
                .ifPresent(p -> state.proxies().stream()
                        .filter(ProxyState::isUp)
                        .forEach(x -> all.add(Measurement.ofNode(
                                Measure.PROXY_ROUTE, x.node(), x.writesGoTo().equals(List.of(p.name()))))));
        hosts(state).forEach((host, answers) -> all.add(Measurement.ofHost(Measure.HOST_REACHABLE, host, answers)));
        return List.copyOf(all);
    }

    private static void primary(PostgresState state, MemberState primary, List<Measurement> all) {
        ServerState server = primary.server();
        String group = PostgresCluster.SERVERS;
        long inSync = SynchronousStandbyNames.inSync(server);
        all.add(Measurement.ofGroup(
                Measure.WRITABLE, group, inSync >= SynchronousStandbyNames.count(server.synchronousNames())));
        all.add(Measurement.ofGroup(Measure.SYNC_STANDBYS, group, inSync));
        all.add(Measurement.ofGroup(Measure.SYNC_STANDBYS_DECLARED, group, declared(state)));
        boolean archives = state.cluster().repository().isPresent();
        Map<String, String> archiver = archives ? server.archiver() : Map.of();
        if (archiver.containsKey("failing")) {
            all.add(Measurement.ofGroup(
                    Measure.ARCHIVE_FAILING, group, archiver.get("failing").equals("true")));
        }
        number(Measure.ARCHIVE_FAILURES, archiver, "failed_count", (m, v) -> Measurement.ofGroup(m, group, v), all);
        number(Measure.ARCHIVE_WAITING, archiver, "ready", (m, v) -> Measurement.ofGroup(m, group, v), all);
        if (archiver.containsKey("ready")) {
            all.add(Measurement.ofGroup(
                    Measure.ARCHIVE_LAG, group, server.archiveWait().toSeconds()));
        }
        server.slots().forEach((slot, facts) -> {
            if (facts.containsKey("active")) {
                boolean isActive = facts.get("active").equals("true");
                all.add(Measurement.ofSlot(Measure.SLOT_ACTIVE, primary.node(), slot, isActive ? 1 : 0));
            }
            number(
                    Measure.SLOT_RETAINED,
                    facts,
                    "retained_bytes",
                    (m, v) -> Measurement.ofSlot(m, primary.node(), slot, v),
                    all);
        });
    }

    /** Returns how many standbys commits wait for while this member is primary. */
    private static long declared(PostgresState state) {
        PostgresCluster cluster = state.cluster();
        return cluster.durability() == Durability.FAST
                ? 0
                : Math.min(
                        cluster.synchronous().count(),
                        state.others()
                                .filter(m -> m.member().role() == MemberRole.SYNC)
                                .count());
    }

    private static void member(PostgresState state, MemberState member, List<Measurement> all) {
        Node node = member.node();
        if (member.isUp()) {
            all.add(Measurement.ofNode(Measure.TIMELINE, node, member.timeline()));
        }
        if (!member.isOutOfReach()) {
            all.add(Measurement.ofNode(
                    Measure.FENCED, node, member.disk().fence().isPresent()));
        }
        if (state.primary().isEmpty() || state.primary().get() == member) {
            return;
        }
        Map<String, String> follower = state.follower(member);
        number(Measure.LAG_BYTES, follower, "lag_bytes", (m, v) -> Measurement.ofNode(m, node, v), all);
        number(Measure.LAG_SECONDS, follower, "lag_seconds", (m, v) -> Measurement.ofNode(m, node, v), all);
        if (member.isUp()) {
            all.add(Measurement.ofNode(
                    Measure.STREAMING, node, follower.getOrDefault("state", "").equals("streaming")));
        }
    }

    private static void number(
            Measure measure,
            Map<String, String> facts,
            String key,
            BiFunction<Measure, Double, Measurement> measurement,
            List<Measurement> all) {
        String text = facts.get(key);
        if (text != null) {
            all.add(measurement.apply(measure, Double.valueOf(text)));
        }
    }

    /** Returns whether each host answers. A host answers when it reports any of its nodes. */
    private static Map<Host, Boolean> hosts(PostgresState state) {
        Map<Host, Boolean> answers = new LinkedHashMap<>();
        state.members().forEach(m -> answers.merge(m.node().host(), !m.isOutOfReach(), Boolean::logicalOr));
        state.proxies()
                .forEach(p -> answers.merge(p.node().host(), p.hostFacts().answers(), Boolean::logicalOr));
        return answers;
    }
}
