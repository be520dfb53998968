package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.automatic.AutomaticRecords.Flag;
import dev.holdfast.postgres.automatic.AutomaticRecords.OwnRole;
import dev.holdfast.postgres.automatic.AutomaticRecords.Rest;
import dev.holdfast.postgres.automatic.AutomaticRecords.Status;
import dev.holdfast.postgres.automatic.AutomaticRecords.View;
import dev.holdfast.postgres.automatic.AutomaticRecords.ViewedRole;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RejoinSteps;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A pretend trio that Patroni runs: servers of a pretend estate, and what each Patroni and etcd would say of them. */
final class AutomaticScene {

    final Trio trio;
    final Bank bank;
    final Map<String, ViewedRole> views = new LinkedHashMap<>();
    /** Members whose Patroni does not answer. */
    final List<String> restFailure = new ArrayList<>();

    final Map<String, String> dynamic = new LinkedHashMap<>();
    /** Hosts whose etcd sees no leader. */
    final List<String> lonely = new ArrayList<>();

    /** Empty: etcd has not answered whether it requires a login, as on a first apply, when Patroni's password does not exist yet. */
    Optional<AutomaticRecords.AuthState> auth = Optional.of(AutomaticRecords.AuthState.ON);

    boolean paused;
    boolean pending;
    boolean configured = true;
    /** Members whose host answers other queries, and not the one about Patroni. */
    final Set<String> unreported = new TreeSet<>();
    /** By member; the configured lines when absent. */
    final Map<String, List<String>> lines = new LinkedHashMap<>();

    /** @param made the trio, without Patroni */
    AutomaticScene(Supplier<Trio> made) {
        this.trio = made.get().automatic();
        this.bank = Bank.applied(made.get());
        views.put("a1", ViewedRole.LEADER);
        views.put("b1", ViewedRole.SYNC_STANDBY);
        views.put("d1", ViewedRole.STANDBY);
        new PatroniConfiguration(trio.estate(), trio.cluster())
                .dynamic()
                .forEach((key, value) -> dynamic.put(key, value.toString()));
    }

    RejoinSteps returning() {
        RoleChangeActions actions = new RoleChangeActions(trio.estate(), trio.cluster());
        return new RejoinSteps(
                trio.cluster(),
                actions,
                new RoleChangeConditions(RoleChangeProbe.patient(trio.estate(), trio.cluster()), actions));
    }

    AutomaticState state() {
        PostgresState was = bank.look();
        PostgresCluster cluster = trio.cluster();
        PostgresState servers = new PostgresState(
                was.at(),
                cluster,
                was.members(),
                was.proxies(),
                was.again(),
                was.credentials(),
                was.outdated(),
                was.archives(),
                was.lookups(),
                was.repository());
        List<PatroniMember> patroni =
                cluster.members().stream().map(m -> member(m.node(), servers)).toList();
        List<EtcdMember> etcd = cluster.etcd().stream().map(this::etcd).toList();
        return new AutomaticState(servers, patroni, etcd, auth, List.of());
    }

    private PatroniMember member(Node node, PostgresState servers) {
        boolean answers = !restFailure.contains(node.name()) && configured;
        List<View> all = answers
                ? views.entrySet().stream()
                        .map(v -> new View(node.id(), v.getKey(), v.getValue(), "running", 1, 0))
                        .toList()
                : List.of();
        Rest rest = new Rest(
                node.id(),
                "3.0.2",
                servers.member(node).isPrimary() ? OwnRole.PRIMARY : OwnRole.STANDBY,
                "running",
                1,
                pending ? Flag.YES : Flag.NO,
                paused ? Flag.YES : Flag.NO,
                Flag.NO,
                1);
        return new PatroniMember(
                node,
                unreported.contains(node.name()) ? "the answer was truncated" : "",
                configured,
                answers,
                lines.getOrDefault(
                        node.name(),
                        new PatroniConfiguration(trio.estate(), trio.cluster())
                                .lines(servers.member(node), servers.major())),
                false,
                answers ? Optional.of(rest) : Optional.empty(),
                all,
                answers ? dynamic : Map.of(),
                "");
    }

    private EtcdMember etcd(Node node) {
        HostFacts host = new HostFacts(
                NodeAvailability.UP,
                DirectoryOwner.OURS,
                true,
                Map.of("etcd", "/usr/bin/etcd", "etcdctl", "/usr/bin/etcdctl", "setsid", "/usr/bin/setsid"),
                "");
        Status status = new Status(node.id(), "3.4.23", lonely.contains(node.name()) ? "0" : "1", "1", 20480);
        return new EtcdMember(
                node,
                host,
                new AutomaticActions(trio.estate(), trio.cluster()).inputs(node),
                false,
                false,
                "",
                true,
                Optional.of(status),
                "");
    }
}
