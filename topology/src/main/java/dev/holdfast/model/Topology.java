package dev.holdfast.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The declared estate, complete and valid.
 *
 * @param hosts by name, in the order of the file
 * @param clusters in the order of the file
 * @param secrets the sources of declared secrets; other secrets are generated
 * @param drills the drill policy
 * @param accepted the advice that owners have accepted
 * @param places locations in the file, by path such as {@code /clusters/social/shards/shard-a}
 */
public record Topology(
        String name,
        Environment environment,
        Map<String, Host> hosts,
        List<Cluster> clusters,
        Map<String, SecretRef.Source> secrets,
        DrillPolicy drills,
        List<Acceptance> accepted,
        Map<String, SourceLocation> places) {

    public Topology(
            String name,
            Environment environment,
            Map<String, Host> hosts,
            List<Cluster> clusters,
            Map<String, SecretRef.Source> secrets,
            Map<String, SourceLocation> places) {
        this(name, environment, hosts, clusters, secrets, DrillPolicy.USUAL, List.of(), places);
    }

    public Optional<Cluster> cluster(String desired) {
        return clusters.stream().filter(c -> c.name().equals(desired)).findFirst();
    }

    public List<Node> nodes() {
        return clusters.stream().flatMap(c -> c.nodes().stream()).toList();
    }

    /** Returns the location of the longest known prefix of a path. */
    public SourceLocation place(String path) {
        String at = path;
        while (!at.isEmpty()) {
            SourceLocation place = places.get(at);
            if (place != null) {
                return place;
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return places.getOrDefault("", new SourceLocation("topology.yaml", 1, 1));
    }
}
