package dev.holdfast.postgres.restore;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.archive.RepositoryServerPlanner;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.List;

/**
 * The way to a repository on a host of its own, made again before a lost cluster is brought back: keys, servers, and the
 * configuration of the system whose backups they are.
 */
final class RepositoryHostRecovery {

    private static final Duration MOMENT = Duration.ofMinutes(2);

    private final PgBackRestConfig archive;
    private final RestoreProbe probes;
    private final RepositoryServerPlanner servers;

    RepositoryHostRecovery(Topology topology, PostgresCluster cluster, PgBackRestConfig archive, RestoreProbe probes) {
        this.archive = archive;
        this.probes = probes;
        this.servers = new RepositoryServerPlanner(topology, cluster, new ClusterProbe(topology, cluster));
    }

    private boolean isToBeMade(RestoreState seen) {
        return probes.isBare() && archive.keeper().isPresent() && !seen.isDone();
    }

    Plan keys(RestoreState seen) {
        return isToBeMade(seen) ? servers.keys(seen.now()) : Plan.NOTHING;
    }

    Plan processes(RestoreState seen) {
        return isToBeMade(seen) ? servers.processes(seen.now()).and(configuration(seen)) : Plan.NOTHING;
    }

    private Plan configuration(RestoreState seen) {
        if (!seen.site().isAbsent()) {
            return Plan.NOTHING;
        }
        Node keeper = archive.keeper().orElseThrow();
        String system = seen.goal().orElseThrow().system();
        return Plan.of(List.of(Step.on(keeper.id(), "Write the configuration of system " + system)
                .because("its backups are there, and the machine was lost")
                .type(archive.keep(system))
                .until(
                        new Condition("the configuration is as wanted", world -> {
                            boolean isKept = archive.isKept(world, system);
                            return new ProbeResult(isKept, isKept ? "it is" : "it is not");
                        }),
                        MOMENT)));
    }
}
