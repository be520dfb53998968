/** The engine for MongoDB: it deploys, changes, backs up, restores and drills replica sets and sharded clusters. */
package dev.holdfast.mongodb;
