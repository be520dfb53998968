package dev.holdfast.cli.run;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.util.stream.Collectors;

/** What a command's TARGET names. */
public final class TargetResolver {

    private TargetResolver() {}

    /** @throws HoldfastException USAGE naming the clusters there are */
    public static Cluster cluster(Topology topology, String name) {
        return topology.cluster(name)
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.USAGE,
                        name,
                        "no cluster is called that",
                        "the clusters are: "
                                + topology.clusters().stream()
                                        .map(Cluster::name)
                                        .collect(Collectors.joining(", "))));
    }
}
