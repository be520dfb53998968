/** The keys of a MongoDB cluster in the topology file, and the cluster that they declare. */
package dev.holdfast.mongodb.topology;
