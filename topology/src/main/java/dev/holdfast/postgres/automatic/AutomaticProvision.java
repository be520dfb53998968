package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.RunbookDocument;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.archive.ArchivingPlanner;
import dev.holdfast.postgres.archive.RepositoryServerPlanner;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.provision.ConfigurationPlanner;
import dev.holdfast.postgres.provision.DatabaseRolePlanner;
import dev.holdfast.postgres.provision.DestroyRunbook;
import dev.holdfast.postgres.proxy.ProxyPlanner;
import dev.holdfast.postgres.rolechange.RejoinSteps;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The runbook that brings a cluster that Patroni runs to its declared state.
 *
 * <ol>
 *   <li>Preconditions: refuse or note, without a change.
 *   <li>Start the etcd servers, and make them require a login.
 *   <li>Start Patroni on the declared primary of a new cluster, which creates the database; on every member of an existing one,
 *       after the rows that only a former primary has are kept.
 *   <li>Create roles and the database, and the repository of backups.
 *   <li>Update the files of Patroni and the dynamic settings.
 *   <li>Start Patroni on the members without a database, which copies the primary.
 *   <li>Restart the servers whose settings need it: standbys first.
 *   <li>Start the proxies, and wait until they send sessions to the primary.
 *   <li>Wait for a synchronous standby and missing members.
 * </ol>
 *
 * Invariants: Holdfast starts and stops no server of such a cluster except through Patroni; a new cluster is created only when
 * no member has a database.
 */
public final class AutomaticProvision {

    private AutomaticProvision() {}

    /** Returns the runbook that brings a cluster from its observed state to its declared state. */
    public static Runbook<?> runbook(Topology topology, PostgresCluster cluster) {
        return provision(topology, cluster);
    }

    private static Runbook<AutomaticState> provision(Topology topology, PostgresCluster cluster) {
        AutomaticProbe probe = new AutomaticProbe(topology, cluster);
        ClusterProbe servers = new ClusterProbe(topology, cluster);
        AutomaticActions actions = new AutomaticActions(topology, cluster);
        MemberActions members = new MemberActions(topology, cluster);
        MemberConditions until = new MemberConditions(servers);
        EtcdPlanner etcd = new EtcdPlanner(cluster, actions, probe);
        RoleChangeActions roleChanges = new RoleChangeActions(topology, cluster);
        RejoinSteps returning = new RejoinSteps(
                cluster,
                roleChanges,
                new RoleChangeConditions(RoleChangeProbe.patient(topology, cluster), roleChanges));
        PatroniPlanner patroni = new PatroniPlanner(
                cluster, new PatroniConfiguration(topology, cluster), returning, actions, until, probe);
        DatabaseRolePlanner roles = new DatabaseRolePlanner(cluster, members, until);
        ProxyPlanner proxies = new ProxyPlanner(topology, cluster, until, (state, m) -> !m.hasDatabase());
        RepositoryServerPlanner repository = new RepositoryServerPlanner(topology, cluster, servers);
        ArchivingPlanner archive = new ArchivingPlanner(topology, cluster, members);
        ConfigurationPlanner configuration = new ConfigurationPlanner(topology, cluster, members, until);
        return new Runbook<>(
                cluster.name(),
                "bring " + cluster.name() + " to its declared state",
                context -> probe.look(context, true),
                List.of(
                        stage("preconditions", new AutomaticPreconditions(actions)::plan),
                        stage("etcd", etcd::processes),
                        stage("authentication", etcd::authentication),
                        stage("primary", state -> patroni.first(state).and(repository.keys(state.servers()))),
                        stage("roles", state -> roles(state, roles).and(repository.processes(state.servers())))
                                .independent(),
                        stage("repository", state -> archive.primary(state.servers()))
                                .independent(),
                        stage(
                                        "configuration",
                                        state -> patroni.configuration(state)
                                                .and(Plan.of(configuration.resets(state.servers()))))
                                .independent(),
                        stage("standbys", patroni::copies).independent(),
                        stage("restarts", patroni::restarts),
                        stage("archiving", state -> archive.standbys(state.servers()))
                                .independent(),
                        stage("proxies", state -> proxies.processes(state.servers()))
                                .independent(),
                        stage("routes", state -> proxies.routes(state.servers()))
                                .independent(),
                        stage("arrival", state -> archive.arrival(state.servers())),
                        stage("rest", patroni::rest)));
    }

    /** Patroni itself creates the roles with which the servers log in to each other. */
    private static Plan roles(AutomaticState state, DatabaseRolePlanner roles) {
        if (state.servers().isFresh()) {
            MemberState first = state.servers().members().get(0);
            return Plan.of(roles.applications(state.servers(), first.node(), first.server()));
        }
        return state.servers()
                .primary()
                .map(p -> Plan.of(roles.steps(state.servers(), p.node(), p.server()))
                        .and(Plan.open(roles.open(state.servers(), p.node()))))
                .orElse(Plan.NOTHING);
    }

    private static Stage<AutomaticState> stage(String name, Function<AutomaticState, Plan> planner) {
        return new Stage<>(name, planner);
    }

    /** Returns the runbook that stops every process of the cluster and removes its marked directories. */
    public static Runbook<? extends ClusterState> destroy(Topology topology, PostgresCluster cluster) {
        AutomaticProbe probe = new AutomaticProbe(topology, cluster);
        MemberActions actions = new MemberActions(topology, cluster);
        MemberConditions until = new MemberConditions(new ClusterProbe(topology, cluster));
        return new Runbook<>(
                cluster.name(),
                "remove " + cluster.name(),
                context -> probe.look(context, false),
                List.of(stage("removal", state -> {
                    Map<Node, HostFacts> nodes = new LinkedHashMap<>();
                    state.servers().proxies().forEach(p -> nodes.put(p.node(), p.hostFacts()));
                    state.servers().repository().forEach(s -> nodes.put(s.node(), s.hostFacts()));
                    state.servers().members().forEach(m -> nodes.put(m.node(), m.hostFacts()));
                    state.etcd().forEach(e -> nodes.put(e.node(), e.hostFacts()));
                    return DestroyRunbook.removal(nodes, actions, until);
                })));
    }

    /** Observes the cluster; changes nothing. */
    public static ClusterState look(ExecutionContext context, Topology topology, PostgresCluster cluster) {
        return new AutomaticProbe(topology, cluster).look(context, false);
    }

    /**
     * Returns the written runbooks of a cluster.
     *
     * @param fresh the simulated state of empty hosts
     */
    public static List<RunbookDocument> documents(Topology topology, PostgresCluster cluster, PostgresState fresh) {
        Map<String, String> programs = new LinkedHashMap<>();
        List.of("etcd", "etcdctl", "setsid").forEach(p -> programs.put(p, "/usr/bin/" + p));
        HostFacts empty = new HostFacts(NodeAvailability.DOWN, DirectoryOwner.ABSENT, false, programs, "");
        AutomaticState state = new AutomaticState(
                fresh,
                cluster.servers().stream()
                        .map(n -> new PatroniMember(
                                n, "", false, false, List.of(), false, Optional.empty(), List.of(), Map.of(), ""))
                        .toList(),
                cluster.etcd().stream()
                        .map(n -> new EtcdMember(n, empty, "", false, false, "", false, Optional.empty(), ""))
                        .toList(),
                Optional.empty(),
                List.of());
        return List.of(RunbookDocument.firstDeployment(
                cluster.name(), RunbookDocument.stages(provision(topology, cluster), stage -> state)));
    }
}
