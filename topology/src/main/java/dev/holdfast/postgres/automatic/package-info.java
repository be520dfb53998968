/** Failover without a person: Patroni runs the members, and etcd holds its leader lock. */
package dev.holdfast.postgres.automatic;
