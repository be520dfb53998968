package dev.holdfast.mongodb.provision;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.mongodb.replicaset.ServerVersions;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.value.CompatibilityMatrix;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The observed facts by which the table of {@link FinishDecision} decides whether an upgrade can be finished.
 *
 * @param exists whether any server of the cluster exists
 * @param silent servers whose state is unknown, because they or their hosts do not answer
 * @param withoutPrimary the sets without a primary
 * @param lacking sentences about servers that do not run, and about members that are not healthy
 * @param undeclared members and shards that the command would change and that the topology does not declare
 * @param mixed what says that the servers do not all run the declared program
 * @param unread members that answer and do not report their feature compatibility version
 * @param found the feature compatibility versions of all members, without repetition
 * @param version the version of the servers
 * @param servers the number of servers
 */
public record FinishFacts(
        String cluster,
        boolean exists,
        List<String> silent,
        List<String> withoutPrimary,
        List<String> lacking,
        List<String> undeclared,
        Optional<String> mixed,
        List<String> unread,
        List<String> found,
        String version,
        int servers) {

    static FinishFacts of(MongoState state) {
        List<ReplicaSetState> sets = state.sets();
        List<NodeState> members = sets.stream()
                .flatMap(s -> s.members().stream())
                .filter(m -> m.answers() && !m.isArbiter())
                .toList();
        return new FinishFacts(
                state.cluster().name(),
                state.stands(),
                state.servers()
                        .filter(n -> n.state() == NodeAvailability.SILENT)
                        .map(n -> n.node().id() + " (" + reason(n) + ")")
                        .toList(),
                sets.stream()
                        .filter(s -> s.primary().isEmpty())
                        .map(state::lane)
                        .toList(),
                lacking(state),
                undeclared(state),
                mixed(state),
                members.stream()
                        .filter(m -> compatibility(m).text("version").isEmpty())
                        .map(m -> m.node().id())
                        .toList(),
                members.stream()
                        .map(m -> m.reply().compatibilityText())
                        .filter(v -> !v.isEmpty())
                        .distinct()
                        .sorted()
                        .toList(),
                members.stream()
                        .map(m -> m.reply().version())
                        .filter(v -> !v.isEmpty())
                        .findFirst()
                        .orElse(""),
                (int) state.servers().count());
    }

    /** Returns the feature compatibility version that the servers have after an upgrade. */
    String target() {
        return CompatibilityMatrix.series(version);
    }

    boolean isFinished() {
        return found.equals(List.of(target()));
    }

    private static MongoDocument compatibility(NodeState member) {
        return member.reply().compatibility();
    }

    private static String reason(NodeState server) {
        HostFacts host = server.hostFacts();
        return host.reason().isEmpty() ? server.silence() : host.reason();
    }

    private static List<String> lacking(MongoState state) {
        List<String> lacking = new ArrayList<>();
        state.servers()
                .filter(n -> n.state() == NodeAvailability.DOWN)
                .forEach(n -> lacking.add(n.node().id() + " does not run"));
        if (state.sets().stream().anyMatch(ReplicaSetState::isUnread)) {
            return lacking; // without a login, neither members nor shards are known: the row of unread members decides
        }
        for (ReplicaSetState set : state.sets()) {
            if (set.primary().isPresent()) {
                MemberHealth.lacking(set).forEach(l -> lacking.add(state.lane(set) + ": " + l));
                set.members().stream()
                        .filter(m ->
                                m.answers() && !set.hosts().contains(m.node().endpoint()))
                        .forEach(m -> lacking.add(m.node().id() + " is not in the configuration"));
            }
        }
        state.shards().stream()
                .filter(s -> state.sharding().shard(s.name()).isEmpty())
                .forEach(s -> lacking.add("shard " + s.name() + " is not added"));
        return lacking;
    }

    private static List<String> undeclared(MongoState state) {
        List<String> undeclared = new ArrayList<>();
        state.sets()
                .forEach(s -> s.others()
                        .forEach(o -> undeclared.add("member " + o.node().name() + " of " + s.name())));
        state.sharding().shards().stream()
                .map(s -> s.text("_id"))
                .filter(id -> state.cluster().isSharded()
                        && state.shards().stream().noneMatch(s -> s.name().equals(id)))
                .forEach(id -> undeclared.add("shard " + id));
        return undeclared;
    }

    private static Optional<String> mixed(MongoState state) {
        return ServerVersions.mixed(state)
                .map(Refusal::what)
                .or(() -> state.servers()
                        .flatMap(n -> n.otherProgram(state.cluster()).stream())
                        .findFirst());
    }
}
