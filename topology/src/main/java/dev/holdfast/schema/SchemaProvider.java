package dev.holdfast.schema;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.util.Map;
import java.util.Set;

/** What an engine does with a dictionary; the second door that engines offer. */
public interface SchemaProvider {

    /**
     * From whatever the catalogue holds to what the dictionary says.
     *
     * @param allowed names of drifts that may be mended though they drop, narrow or rewrite something
     */
    Runbook<?> schema(Topology topology, Cluster cluster, Dictionary dictionary, Set<String> allowed);

    /** Deletes what is older than its TTL, where the engine does not do so by itself. */
    Runbook<?> purge(Topology topology, Cluster cluster, Dictionary dictionary);

    /** The words that build the dictionary by hand, in the engine's own shell, for people to read. */
    String export(Cluster cluster, Dictionary dictionary);

    /** What a client must know to connect and to write with the declared safety; holds no secret. */
    Map<String, Object> profile(Topology topology, Cluster cluster, Dictionary dictionary);
}
