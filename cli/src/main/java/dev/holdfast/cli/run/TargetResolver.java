package dev.holdfast.cli.run;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.util.stream.Collectors;

/** Finds the cluster that the TARGET of a command names. */
public final class TargetResolver {

    private TargetResolver() {}

    /** @throws HoldfastException USAGE with the existing clusters */
    public static Cluster cluster(Topology topology, String name) {
        return topology.cluster(name)
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.USAGE,
                        name,
                        "unknown cluster",
                        "the clusters are: "
                                + topology.clusters().stream()
                                        .map(Cluster::name)
                                        .collect(Collectors.joining(", "))));
    }
}
