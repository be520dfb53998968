/** Planners of replica sets, users and default concerns. */
package dev.holdfast.mongodb.replicaset;
