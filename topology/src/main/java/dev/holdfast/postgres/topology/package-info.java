/** The keys of a PostgreSQL cluster in the topology file, and the cluster that they declare. */
package dev.holdfast.postgres.topology;
