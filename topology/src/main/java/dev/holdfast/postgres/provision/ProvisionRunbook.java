package dev.holdfast.postgres.provision;

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
import dev.holdfast.postgres.probe.SettingsTrial;
import dev.holdfast.postgres.proxy.ProxyPlanner;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.replication.SyncHistory;
import dev.holdfast.postgres.replication.SynchronousReplication;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;

/**
 * From whatever is there to what is declared.
 *
 * <ol>
 *   <li>Preconditions: refuse, or note, and touch nothing; the declared settings are tried first.
 *   <li>A primary: born, started or found, with its roles and a slot for every other member; proxies that run.
 *   <li>Where the repository is on another machine: the servers that lead there, with their keys.
 *   <li>Where backups are declared: the repository, before anything fills a segment; at the end a segment is seen there.
 *   <li>Commits that wait for somebody who is gone are let go, where the durability profile says so.
 *   <li>Configuration as declared.
 *   <li>Standbys: cloned and started side by side. One that does not start keeps every other server from being stopped.
 *   <li>The restarts that settings need, one server after the other; the first server that does not come back ends them.
 *   <li>Standbys archive too, and commits wait for those that follow.
 *   <li>Who is in sync is put on record; sessions go to the primary and the standbys.
 *   <li>Who is still missing is waited for.
 * </ol>
 *
 * Invariants: whoever is primary stays primary; a new cluster is made only when nobody has a database; a member's data is
 * never thrown away; a name is put into synchronous_standby_names only after its owner was seen to have caught up.
 */
public final class ProvisionRunbook {

    private ProvisionRunbook() {}

    public static Runbook<PostgresState> runbook(Topology topology, PostgresCluster cluster) {
        ClusterProbe probes = new ClusterProbe(topology, cluster);
        MemberActions actions = new MemberActions(topology, cluster);
        MemberConditions until = new MemberConditions(probes);
        PrimaryPlanner primary = new PrimaryPlanner(cluster, actions, until);
        ConfigurationPlanner configuration = new ConfigurationPlanner(topology, cluster, actions, until);
        PlannedFollowers prospects = new PlannedFollowers(cluster, configuration);
        ProxyPlanner proxies = new ProxyPlanner(topology, cluster, until, prospects::follow);
        SyncHistory record = new SyncHistory(topology, cluster);
        SynchronousReplication commits = new SynchronousReplication(cluster, actions, until, prospects::follow, record);
        RepositoryServerPlanner servers = new RepositoryServerPlanner(topology, cluster, probes);
        ArchivingPlanner archive = new ArchivingPlanner(topology, cluster, actions);
        RoleChangeActions changes = new RoleChangeActions(topology, cluster);
        StaleSlotPlanner stale = new StaleSlotPlanner(
                cluster, changes, new RoleChangeConditions(new RoleChangeProbe(topology, cluster), changes));
        SettingsCheck check = new SettingsCheck(new SettingsTrial(cluster, actions));
        return new Runbook<>(
                cluster.name(),
                "bring " + cluster.name() + " to what is declared",
                context -> probes.look(context, true),
                List.of(
                        act(
                                "preconditions",
                                state -> Preconditions.plan(cluster, state).and(Plan.refused(check.refusals(state)))),
                        act(
                                "primary",
                                state -> primary.plan(state)
                                        .and(proxies.processes(state))
                                        .and(servers.keys(state))),
                        act("roles and slots", state -> primary.configure(state).and(servers.processes(state)))
                                .independent(),
                        act("repository", archive::primary).independent(),
                        act("release", commits::release).independent(),
                        act("configuration", configuration::plan).independent(),
                        act("standbys", new StandbyPlanner(cluster, actions, until)::plan)
                                .independent(),
                        act("restarts", new RollingRestartPlanner(cluster, actions, until)::plan),
                        act(
                                        "archiving and commits",
                                        state -> archive.standbys(state).and(commits.settle(state)))
                                .independent(),
                        act(
                                        "record and routes",
                                        state -> record.plan(state, commits.settle(state))
                                                .and(proxies.routes(state)))
                                .independent(),
                        act("stale slots", stale::withoutRoleChange).independent(),
                        act("arrival", archive::arrival),
                        act("missing", new MissingMembersPlanner(prospects, until)::plan),
                        act("protection", state -> CommitProtection.open(state, m -> prospects.follow(state, m)))));
    }

    private static Stage<PostgresState> act(String name, java.util.function.Function<PostgresState, Plan> planner) {
        return new Stage<>(name, planner);
    }
}
