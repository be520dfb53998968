package dev.holdfast.cli.command;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import java.util.stream.Collectors;

/** What a command's TARGET names. */
final class Targets {

    private Targets() {}

    /** @throws Trouble USAGE naming the clusters there are */
    static Cluster cluster(Topology topology, String name) {
        return topology.cluster(name)
                .orElseThrow(() -> new Trouble(
                        Exit.USAGE,
                        name,
                        "no cluster is called that",
                        "the clusters are: "
                                + topology.clusters().stream()
                                        .map(Cluster::name)
                                        .collect(Collectors.joining(", "))));
    }
}
