/** Synchronous replication: which standbys commits wait for, and its history. */
package dev.holdfast.postgres.replication;
