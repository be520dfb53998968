/** Small values of MongoDB: documents, cluster times, oplog times. */
package dev.holdfast.mongodb.value;
