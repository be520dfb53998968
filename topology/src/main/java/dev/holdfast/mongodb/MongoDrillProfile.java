package dev.holdfast.mongodb;

import dev.holdfast.engine.DrillProfile;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The facts about a MongoDB cluster that drills need. */
record MongoDrillProfile(MongoCluster cluster) implements DrillProfile {

    private static final int PER_SECOND = 100;
    private static final int LANES = 8;
    /** The random part that MongoDB adds to electionTimeoutMillis, so that members do not call elections together. */
    private static final double SPREAD = 0.15;

    @Override
    public List<String> groups(GroupRole role) {
        return switch (role) {
            case DATA -> cluster.sets().stream().map(MongoSet::name).toList();
            case CONFIG -> cluster.configServers().map(MongoSet::name).stream().toList();
            case ENTRANCE -> cluster.routers().isEmpty() ? List.of() : List.of("routers");
        };
    }

    @Override
    public List<Stream> streams() {
        List<Stream> streams = new ArrayList<>();
        for (MongoSet set : cluster.sets()) {
            for (String w : levels()) {
                streams.add(stream(set, w));
            }
        }
        return streams;
    }

    /** Returns the write concerns: majority first, because those writes must survive, then every declared number. */
    private Set<String> levels() {
        Set<String> levels = new TreeSet<>(
                (a, b) -> a.equals(b) ? 0 : a.equals("majority") ? -1 : b.equals("majority") ? 1 : a.compareTo(b));
        levels.add("majority");
        levels.add(cluster.defaults().write().w());
        cluster.writeConcerns().values().stream().map(WriteConcern::w).forEach(levels::add);
        return levels;
    }

    private Stream stream(MongoSet set, String w) {
        List<Node> seeds = cluster.isSharded() ? cluster.routers() : set.nodes();
        ClientEndpoint.Documents endpoint = new ClientEndpoint.Documents(
                seeds,
                cluster.isSharded() ? "" : set.name(),
                cluster.isSharded() ? set.name() : "",
                new MongoCredentials(cluster).admin(),
                "holdfast_witness_" + set.name(),
                w,
                Optional.empty());
        return new Stream(
                set.name() + " " + endpoint.level(),
                cluster.name(),
                set.name(),
                endpoint,
                w.equals("majority"),
                PER_SECOND,
                LANES);
    }

    @Override
    public List<RecoveryTerm> forecast(String group, FaultEffect effect) {
        MongoSet set = cluster.allSets().stream()
                .filter(s -> s.name().equals(group))
                .findFirst()
                .orElse(null);
        if (set == null || effect == FaultEffect.STARTED_AGAIN || effect == FaultEffect.DEGRADED) {
            return List.of();
        }
        RecoveryTerm elect = new RecoveryTerm(
                "elect", millis(20), millis(500), "votes and the first entry of the new term, as measured");
        RecoveryTerm route = new RecoveryTerm(
                "route",
                millis(10),
                millis(500),
                "mongos and drivers observe the new primary by streamed hello, as measured");
        if (effect == FaultEffect.SWITCHED_OVER) {
            return List.of(
                    new RecoveryTerm(
                            "catch up", millis(0), millis(100), "the candidate is stepped up after it has caught up"),
                    elect,
                    route);
        }
        List<RecoveryTerm> terms = new ArrayList<>(List.of(detect(set), elect, route));
        if (effect != FaultEffect.KILLED) {
            terms.add(new RecoveryTerm(
                    "give up",
                    millis(0),
                    millis(15_000),
                    "no connection is closed: clients wait for their own timeout, mongos for its 15 s"));
        }
        return terms;
    }

    private static RecoveryTerm detect(MongoSet set) {
        Duration timeout = set.electionTimeout();
        Duration least = timeout.minus(set.heartbeat());
        return new RecoveryTerm(
                "detect",
                least.isNegative() ? Duration.ZERO : least,
                millis((long) (timeout.toMillis() * (1 + SPREAD))).plus(set.heartbeat()),
                "electionTimeoutMillis " + timeout.toMillis()
                        + " plus up to 15 % at random, from the last heartbeat of "
                        + set.heartbeat().toMillis() + " ms");
    }

    private static Duration millis(long count) {
        return Duration.ofMillis(count);
    }

    @Override
    public boolean electsByItself() {
        return true;
    }

    @Override
    public Optional<Action> query(OwnQuery query, Optional<Node> primary, Duration deadline) {
        Script script = Script.of("mongodb/invariant.json").with("command", query.command());
        Credentials login = new MongoCredentials(cluster).admin();
        return (cluster.isSharded() ? cluster.routers().stream().findFirst() : primary)
                .map(n -> new Action.RunDocumentCommand(n, login, query.database(), script, Access.LOOK, deadline));
    }

    @Override
    public Optional<Action> stepDown(ClusterState state, String group) {
        return primary(state, group).map(p -> AdminCommands.stepDown(p, new MongoCredentials(cluster).admin()));
    }

    @Override
    public Optional<Action> newSegment(ClusterState state, String group) {
        return Optional.empty();
    }

    private static Optional<Node> primary(ClusterState state, String group) {
        return state.nodes().stream()
                .filter(o -> o.node().group().equals(group) && o.role().equals("primary"))
                .map(o -> o.node())
                .findFirst();
    }

    @Override
    public List<RoleChangeEvent> account(ExecutionContext context, ClusterState state, String group) {
        List<RoleChangeEvent> description = new ArrayList<>();
        primary(state, group).ifPresent(node -> {
            MongoDocument metrics = ServerQueries.reply(
                            context, node, new MongoCredentials(cluster).admin(), "status.json")
                    .doc("electionCandidateMetrics");
            report(description, "detect", metrics.doc("lastElectionDate").text("$date"));
            report(description, "elect", metrics.doc("newTermStartDate").text("$date"));
        });
        return description;
    }

    @Override
    public List<String> rolledBack(ExecutionContext context, ClusterState state, String group) {
        List<Node> nodes = state.nodes().stream()
                .map(NodeStatus::node)
                .filter(n -> n.group().equals(group))
                .toList();
        List<String> files = new ArrayList<>();
        MemberDirectoryState.look(context, nodes)
                .forEach((node, traces) -> traces.rolledBack()
                        .forEach(f -> files.add(node.host().name() + ":" + node.directory() + "/data/" + f)));
        return files;
    }

    private static void report(List<RoleChangeEvent> description, String what, String at) {
        if (!at.isEmpty()) {
            description.add(new RoleChangeEvent(what, Instant.parse(at)));
        }
    }
}
