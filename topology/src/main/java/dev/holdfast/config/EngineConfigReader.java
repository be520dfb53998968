package dev.holdfast.config;

import dev.holdfast.model.Cluster;

/** Reads the clusters of one database engine from the topology file. */
public interface EngineConfigReader {

    /** As written in the topology: {@code engine: mongodb}. */
    String name();

    /** The keys of a cluster of this engine, beside those that every cluster has. */
    ConfigSchema.ObjectOf shape();

    /** Makes the cluster of what the file says, and tells what cannot work; the shape was examined before. */
    Cluster read(ClusterConfig draft);
}
