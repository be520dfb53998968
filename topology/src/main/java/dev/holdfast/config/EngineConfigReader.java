package dev.holdfast.config;

import dev.holdfast.model.Cluster;

/** The reader of one engine's clusters in the topology file. */
public interface EngineConfigReader {

    /** Returns the engine's name in the topology file: {@code engine: mongodb}. */
    String name();

    /** Returns the keys of a cluster of this engine, without the common keys of all clusters. */
    ConfigSchema.ObjectOf shape();

    /** Reads the cluster and reports what cannot work; the schema was validated before. */
    Cluster read(ClusterConfig clusterConfig);
}
