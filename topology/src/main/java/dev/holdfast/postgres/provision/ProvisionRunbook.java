package dev.holdfast.postgres.provision;

import dev.holdfast.engine.ServicePlanner;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.archive.ArchivingPlanner;
import dev.holdfast.postgres.archive.ForeignWalPlanner;
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
 * The runbook that brings a cluster from its observed state to its declared state.
 *
 * <ol>
 *   <li>Preconditions: refuse or note, without a change. Holdfast tests the declared settings first.
 *   <li>Access: restore the pg_hba.conf of members that reject the login of Holdfast.
 *   <li>Primary: create or start it where necessary, with its roles and a slot for every other member; start the proxies.
 *   <li>Where the repository is on a separate host: start the pgBackRest servers, with their keys.
 *   <li>Where backups are declared: create the repository before a segment fills; at the end, verify that a segment arrives.
 *   <li>Move WAL of another server out of the archive, before a standby reads the archive.
 *   <li>Release commits that wait for an unreachable standby, where the durability profile allows this.
 *   <li>Update the configuration.
 *   <li>Clone and start the standbys in parallel. While a standby does not start, no other server is stopped.
 *   <li>Restart the servers whose settings need it, one by one. The first server that does not return ends the stage.
 *   <li>Configure archiving on the standbys, and set the synchronous standbys of those that follow.
 *   <li>Record the synchronous standbys, and route sessions to the primary and the standbys.
 *   <li>Enable the systemd units of running members that lack theirs.
 *   <li>Wait for missing members.
 * </ol>
 *
 * Invariants: the present primary stays primary; a new cluster is created only when no member has a database; a member's data
 * is never discarded; a standby enters synchronous_standby_names only after it was observed to have caught up.
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
        AccessPlanner access = new AccessPlanner(topology, cluster, actions, until);
        ProxyPlanner proxies = new ProxyPlanner(topology, cluster, until, prospects::follow);
        SyncHistory record = new SyncHistory(topology, cluster);
        SynchronousReplication commits = new SynchronousReplication(cluster, actions, until, prospects::follow, record);
        RepositoryServerPlanner servers = new RepositoryServerPlanner(topology, cluster, probes);
        ArchivingPlanner archive = new ArchivingPlanner(topology, cluster, actions);
        RoleChangeActions changes = new RoleChangeActions(topology, cluster);
        RoleChangeConditions changed = new RoleChangeConditions(new RoleChangeProbe(topology, cluster), changes);
        StaleSlotPlanner stale = new StaleSlotPlanner(cluster, changes, changed);
        RestartPointPlanner restartPoints = new RestartPointPlanner(changes, changed);
        SettingsCheck check = new SettingsCheck(new SettingsTrial(cluster, actions));
        return new Runbook<>(
                cluster.name(),
                "bring " + cluster.name() + " to its declared state",
                context -> probes.look(context, true),
                List.of(
                        stage(
                                "preconditions",
                                state -> Preconditions.plan(cluster, state).and(Plan.refused(check.refusals(state)))),
                        stage("access", access::plan).independent(),
                        stage(
                                "primary",
                                state -> primary.plan(state)
                                        .and(proxies.processes(state))
                                        .and(servers.keys(state))),
                        stage(
                                        "roles and slots",
                                        state -> primary.configure(state).and(servers.processes(state)))
                                .independent(),
                        stage("repository", archive::primary).independent(),
                        stage("set aside", new ForeignWalPlanner(topology, cluster, actions)::setAside),
                        stage("release", commits::release).independent(),
                        stage("configuration", configuration::plan).independent(),
                        stage("standbys", new StandbyPlanner(cluster, actions, until)::plan)
                                .independent(),
                        stage("restarts", new RollingRestartPlanner(cluster, actions, until)::plan),
                        stage(
                                        "archiving and commits",
                                        state -> archive.standbys(state).and(commits.settle(state)))
                                .independent(),
                        stage(
                                        "record and routes",
                                        state -> record.plan(state, commits.settle(state))
                                                .and(proxies.routes(state)))
                                .independent(),
                        stage("stale slots", stale::withoutRoleChange).independent(),
                        stage("arrival", archive::arrival),
                        stage("restart points", restartPoints::plan).independent(),
                        stage(
                                        "services",
                                        state -> ServicePlanner.plan(
                                                actions.services(),
                                                n -> state.member(n).hostFacts()))
                                .independent(),
                        stage("missing", new MissingMembersPlanner(prospects, until)::plan),
                        stage("protection", state -> CommitProtection.open(state, m -> prospects.follow(state, m)))));
    }

    private static Stage<PostgresState> stage(String name, java.util.function.Function<PostgresState, Plan> planner) {
        return new Stage<>(name, planner);
    }
}
