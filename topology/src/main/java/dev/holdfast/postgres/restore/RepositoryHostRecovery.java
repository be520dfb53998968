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
 * The steps that recover a lost repository host before the restore of a lost cluster: keys, pgBackRest servers, and the
 * configuration of the system whose backups it holds.
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

    private boolean isToBeMade(RestoreState state) {
        return probes.isBare() && archive.keeper().isPresent() && !state.isDone();
    }

    Plan keys(RestoreState state) {
        return isToBeMade(state) ? servers.keys(state.now()) : Plan.NOTHING;
    }

    Plan processes(RestoreState state) {
        return isToBeMade(state) ? servers.processes(state.now()).and(configuration(state)) : Plan.NOTHING;
    }

    private Plan configuration(RestoreState state) {
        if (!state.destination().isAbsent()) {
            return Plan.NOTHING;
        }
        Node keeper = archive.keeper().orElseThrow();
        String system = state.goal().orElseThrow().system();
        return Plan.of(List.of(Step.on(keeper.id(), "Write the configuration of system " + system)
                .because("the backups exist, and the repository host was lost")
                .type(archive.keep(system))
                .until(
                        new Condition("the configuration is as declared", context -> {
                            boolean isKept = archive.isKept(context, system);
                            return new ProbeResult(
                                    isKept,
                                    isKept
                                            ? "the configuration is as declared"
                                            : "the configuration is not as declared");
                        }),
                        MOMENT)));
    }
}
