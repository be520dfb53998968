package dev.holdfast.schema;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.util.Map;
import java.util.Set;

/** The interface of an engine for the data dictionary. */
public interface SchemaProvider {

    /**
     * Returns the runbook from the database's catalog to the dictionary.
     *
     * @param allowed names of drifts whose change may drop, narrow or rewrite something
     */
    Runbook<?> schema(Topology topology, Cluster cluster, Dictionary dictionary, Set<String> allowed);

    /** Returns the runbook that deletes expired rows, if the engine does not do so itself. */
    Runbook<?> purge(Topology topology, Cluster cluster, Dictionary dictionary);

    /** Returns the statements that create the dictionary's objects in the engine's own shell. */
    String export(Cluster cluster, Dictionary dictionary);

    /** Returns what a client needs to connect and to write with the declared write concern; contains no secret. */
    Map<String, Object> profile(Topology topology, Cluster cluster, Dictionary dictionary);
}
