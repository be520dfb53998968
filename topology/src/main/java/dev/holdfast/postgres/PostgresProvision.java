package dev.holdfast.postgres;

import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import java.util.List;

/**
 * From whatever is there to what is declared.
 *
 * <ol>
 *   <li>Preconditions: refuse, or note, and touch nothing.
 *   <li>A primary: born, started or found, with its roles and a slot for every other member; proxies that run.
 *   <li>Where the repository is on another machine: the servers that lead there, with their keys.
 *   <li>Where backups are declared: the repository, before anything fills a segment; at the end a segment is seen there.
 *   <li>Commits that wait for somebody who is gone are let go, where the durability profile says so.
 *   <li>Configuration as declared, and the restarts it needs, one server after the other.
 *   <li>Standbys: cloned and started side by side.
 *   <li>Standbys archive too, and commits wait for those that follow.
 *   <li>Who is in sync is put on record; sessions go to the primary and the standbys.
 *   <li>Who is still missing is waited for.
 * </ol>
 *
 * Invariants: whoever is primary stays primary; a new cluster is made only when nobody has a database; a member's data is
 * never thrown away; a name is put into synchronous_standby_names only after its owner was seen to have caught up.
 */
final class PostgresProvision {

    private PostgresProvision() {}

    static Runbook<PostgresSeen> runbook(Topology topology, PostgresCluster cluster) {
        PostgresProbes probes = new PostgresProbes(topology, cluster);
        Typing typing = new Typing(topology, cluster);
        Until until = new Until(probes);
        PrimaryPlan primary = new PrimaryPlan(cluster, typing, until);
        ConfigurationPlan configuration = new ConfigurationPlan(topology, cluster, typing, until);
        Prospects prospects = new Prospects(cluster, configuration);
        ProxyPlan proxies = new ProxyPlan(topology, cluster, until, prospects);
        SyncRecord record = new SyncRecord(topology, cluster);
        Commits commits = new Commits(cluster, typing, until, prospects, record);
        RepositoryServers servers = new RepositoryServers(topology, cluster, probes);
        ArchivePlan archive = new ArchivePlan(topology, cluster, typing);
        return new Runbook<>(
                cluster.name(),
                "bring " + cluster.name() + " to what is declared",
                world -> probes.look(world, true),
                List.of(
                        act("preconditions", seen -> Preconditions.plan(cluster, seen)),
                        act(
                                "primary",
                                seen -> primary.plan(seen)
                                        .and(proxies.processes(seen))
                                        .and(servers.keys(seen))),
                        act("roles and slots", seen -> primary.furnish(seen).and(servers.processes(seen))),
                        act("repository", archive::primary),
                        act("release", commits::release),
                        act("configuration", configuration::plan),
                        act("restarts", new RestartsPlan(cluster, typing, until)::plan),
                        act("standbys", new StandbysPlan(cluster, typing, until)::plan),
                        act(
                                "archiving and commits",
                                seen -> archive.standbys(seen).and(commits.settle(seen))),
                        act(
                                "record and routes",
                                seen -> record.plan(seen, commits.settle(seen)).and(proxies.routes(seen))),
                        act("arrival", archive::arrival),
                        act("missing", new MissingPlan(prospects, until)::plan)));
    }

    private static Act<PostgresSeen> act(String name, java.util.function.Function<PostgresSeen, Plan> planner) {
        return new Act<>(name, planner);
    }
}
