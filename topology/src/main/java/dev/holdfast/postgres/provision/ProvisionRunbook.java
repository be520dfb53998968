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
        MemberActions typing = new MemberActions(topology, cluster);
        MemberConditions until = new MemberConditions(probes);
        PrimaryPlanner primary = new PrimaryPlanner(cluster, typing, until);
        ConfigurationPlanner configuration = new ConfigurationPlanner(topology, cluster, typing, until);
        PlannedFollowers prospects = new PlannedFollowers(cluster, configuration);
        ProxyPlanner proxies = new ProxyPlanner(topology, cluster, until, prospects::follow);
        SyncHistory record = new SyncHistory(topology, cluster);
        SynchronousReplication commits = new SynchronousReplication(cluster, typing, until, prospects::follow, record);
        RepositoryServerPlanner servers = new RepositoryServerPlanner(topology, cluster, probes);
        ArchivingPlanner archive = new ArchivingPlanner(topology, cluster, typing);
        RoleChangeActions changes = new RoleChangeActions(topology, cluster);
        StaleSlotPlanner stale = new StaleSlotPlanner(
                cluster, changes, new RoleChangeConditions(new RoleChangeProbe(topology, cluster), changes));
        SettingsCheck check = new SettingsCheck(new SettingsTrial(cluster, typing));
        return new Runbook<>(
                cluster.name(),
                "bring " + cluster.name() + " to what is declared",
                world -> probes.look(world, true),
                List.of(
                        act(
                                "preconditions",
                                seen -> Preconditions.plan(cluster, seen).and(Plan.refused(check.refusals(seen)))),
                        act(
                                "primary",
                                seen -> primary.plan(seen)
                                        .and(proxies.processes(seen))
                                        .and(servers.keys(seen))),
                        act("roles and slots", seen -> primary.furnish(seen).and(servers.processes(seen)))
                                .independent(),
                        act("repository", archive::primary).independent(),
                        act("release", commits::release).independent(),
                        act("configuration", configuration::plan).independent(),
                        act("standbys", new StandbyPlanner(cluster, typing, until)::plan)
                                .independent(),
                        act("restarts", new RollingRestartPlanner(cluster, typing, until)::plan),
                        act(
                                        "archiving and commits",
                                        seen -> archive.standbys(seen).and(commits.settle(seen)))
                                .independent(),
                        act(
                                        "record and routes",
                                        seen -> record.plan(seen, commits.settle(seen))
                                                .and(proxies.routes(seen)))
                                .independent(),
                        act("stale slots", stale::withoutRoleChange).independent(),
                        act("arrival", archive::arrival),
                        act("missing", new MissingMembersPlanner(prospects, until)::plan),
                        act("protection", seen -> CommitProtection.open(seen, m -> prospects.follow(seen, m)))));
    }

    private static Stage<PostgresState> act(String name, java.util.function.Function<PostgresState, Plan> planner) {
        return new Stage<>(name, planner);
    }
}
