package dev.holdfast.postgres.automatic;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.automatic.AutomaticRecords.AuthState;
import dev.holdfast.postgres.automatic.AutomaticRecords.View;
import dev.holdfast.postgres.automatic.AutomaticRecords.ViewedRole;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The observed state of a cluster that Patroni runs: its servers and proxies, each member's Patroni, and etcd.
 *
 * @param etcd the etcd servers that Holdfast runs; empty with an external etcd
 * @param auth whether etcd asks for a login; empty when this was not asked, or etcd gave no answer
 * @param outdated members with outdated passwords of Patroni
 */
public record AutomaticState(
        PostgresState servers,
        List<PatroniMember> patroni,
        List<EtcdMember> etcd,
        Optional<AuthState> auth,
        List<Node> outdated)
        implements ClusterState {

    private static final int STALE_SECONDS = 60;

    PostgresCluster cluster() {
        return servers.cluster();
    }

    PatroniMember patroni(Node node) {
        return patroni.stream().filter(p -> p.node().equals(node)).findFirst().orElseThrow();
    }

    PatroniMember patroni(MemberState member) {
        return patroni(member.node());
    }

    /** Returns the view of the cluster: that of the holder of the lock, or of any member. */
    List<View> view() {
        return patroni.stream()
                .filter(p -> p.views().stream()
                        .anyMatch(v -> isLeader(v) && v.member().equals(p.node().name())))
                .findFirst()
                .or(() -> patroni.stream().filter(p -> !p.views().isEmpty()).findFirst())
                .map(PatroniMember::views)
                .orElse(List.of());
    }

    private static boolean isLeader(View view) {
        return view.role() == ViewedRole.LEADER;
    }

    /** Returns the member that has the leader lock. */
    Optional<MemberState> leader() {
        return view().stream().filter(AutomaticState::isLeader).findFirst().flatMap(v -> member(v.member()));
    }

    Optional<MemberState> member(String name) {
        return servers.members().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    Optional<View> view(MemberState member) {
        return view().stream().filter(v -> v.member().equals(member.name())).findFirst();
    }

    /** Returns the synchronous standbys, by the record in etcd. */
    List<MemberState> synchronous() {
        return view().stream()
                .filter(v -> v.role() == ViewedRole.SYNC_STANDBY)
                .flatMap(v -> member(v.member()).stream())
                .toList();
    }

    /** Returns the dynamic settings, by key; empty when no Patroni answers. */
    Map<String, String> dynamic() {
        return patroni.stream()
                .map(PatroniMember::dynamic)
                .filter(d -> !d.isEmpty())
                .findFirst()
                .orElse(Map.of());
    }

    /** Returns a member whose Patroni answers, the holder of the lock before the others. */
    Optional<MemberState> answeringMember() {
        return Stream.concat(leader().stream(), servers.members().stream())
                .filter(m -> patroni(m).rest().isPresent())
                .findFirst();
    }

    boolean isPaused() {
        return patroni.stream().anyMatch(PatroniMember::isPaused);
    }

    /** Returns the command that ends a pause. */
    String resume() {
        return "holdfast maintenance off " + cluster().name() + " ends the pause when the work is done";
    }

    /** Returns whether a majority of etcd answers; of an external etcd, whether a Patroni has reached it. */
    boolean isStoreHealthy() {
        return etcd.isEmpty()
                ? patroni.stream()
                        .anyMatch(p -> p.rest()
                                .filter(r -> r.age() >= 0 && r.age() < STALE_SECONDS)
                                .isPresent())
                : etcd.stream().filter(EtcdMember::isHealthy).count() > etcd.size() / 2;
    }

    /** Returns whether commits must wait for a synchronous standby, and one can be there. */
    boolean needsSynchronous() {
        return cluster().durability() != Durability.FAST
                && cluster().synchronous().count() > 0
                && servers.members().stream()
                                .filter(m -> m.member().role() == MemberRole.SYNC && !m.isOutOfReach())
                                .count()
                        > 1;
    }

    @Override
    public Instant at() {
        return servers.at();
    }

    @Override
    public List<NodeStatus> nodes() {
        List<NodeStatus> nodes = new ArrayList<>();
        servers.nodes()
                .forEach(n -> nodes.add(
                        servers.members().stream().anyMatch(m -> m.node().equals(n.node())) ? withPatroni(n) : n));
        etcd.forEach(e -> nodes.add(status(e)));
        return nodes;
    }

    private NodeStatus withPatroni(NodeStatus status) {
        Map<String, Object> facts = new LinkedHashMap<>(status.facts());
        PatroniMember own = patroni(status.node());
        if (!own.isReachable()) {
            return status;
        }
        facts.put("patroni", own.isRunning() ? own.restFailure().isEmpty() ? "running" : "silent" : "stopped");
        own.rest().ifPresent(r -> {
            facts.put("patroni_version", r.version());
            facts.put("patroni_state", r.state());
            if (own.isPending()) {
                facts.put("restart_pending", true);
            }
            if (r.age() >= 0) {
                facts.put("etcd_seen_seconds", r.age());
            }
        });
        if (leader().filter(l -> l.node().equals(status.node())).isPresent()) {
            facts.put("leader_lock", true);
        }
        view().stream()
                .filter(v -> v.member().equals(status.node().name()))
                .findFirst()
                .ifPresent(v -> {
                    facts.put(
                            "patroni_role",
                            v.role().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
                    if (v.lag() >= 0) {
                        facts.put("patroni_lag_bytes", v.lag());
                    }
                });
        if (isPaused()) {
            facts.put("failover_paused", true);
        }
        return new NodeStatus(status.node(), status.state(), status.role(), facts);
    }

    private static NodeStatus status(EtcdMember member) {
        Map<String, Object> facts = new LinkedHashMap<>();
        member.status().ifPresent(s -> {
            facts.put("version", s.version());
            facts.put("etcd_role", s.isLeader() ? "leader" : s.hasLeader() ? "follower" : "without a leader");
            facts.put("size_bytes", s.size());
        });
        if (!member.reason().isEmpty()) {
            facts.put("reason", member.reason());
        }
        return new NodeStatus(member.node(), member.availability(), "etcd", facts);
    }

    @Override
    public List<HealthProblem> findings() {
        List<HealthProblem> problems = new ArrayList<>();
        boolean isFresh = servers.isFresh() && patroni.stream().noneMatch(PatroniMember::isConfigured);
        if (!isFresh && !isStoreHealthy()) {
            problems.add(HealthProblem.grave(
                    etcd.isEmpty()
                            ? "no Patroni reaches etcd: no failover happens"
                            : "etcd has no majority: no failover happens, and the primary accepts writes only while"
                                    + " Patroni reaches all members"));
        }
        if (isStoreHealthy() && !isFresh && leader().isEmpty() && !view().isEmpty()) {
            problems.add(HealthProblem.grave("no member has the leader lock"));
        }
        if (isPaused()) {
            problems.add(HealthProblem.grave("Patroni is paused: no failover happens; " + resume()));
        }
        problems.addAll(servers.findings());
        patroni.stream()
                .filter(p -> p.isReachable() && p.isConfigured() && p.rest().isEmpty())
                .forEach(p -> problems.add(
                        HealthProblem.minor("the Patroni of " + p.node().name()
                                + (p.isRunning() ? " does not answer: " + p.restFailure() : " is not running"))));
        patroni.stream()
                .filter(PatroniMember::isPending)
                .forEach(p -> problems.add(HealthProblem.minor(
                        p.node().name() + " must be restarted for changed settings; holdfast apply restarts it")));
        servers.members().stream()
                .filter(m -> m.isUp() && view().size() > 0 && view(m).isEmpty())
                .forEach(m ->
                        problems.add(HealthProblem.minor(m.name() + " runs, and is not in Patroni's list of members")));
        if (!isFresh) {
            etcd.stream()
                    .filter(e -> !e.isHealthy())
                    .forEach(e -> problems.add(
                            HealthProblem.minor("etcd on " + e.node().name()
                                    + (e.hostFacts().isDown()
                                            ? " is not running"
                                            : e.status().isPresent()
                                                    ? " sees no leader"
                                                    : " does not answer: " + e.reason()))));
        }
        return problems;
    }
}
