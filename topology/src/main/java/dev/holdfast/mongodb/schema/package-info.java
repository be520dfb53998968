/** The data dictionary in MongoDB: validators, indexes and zones. */
package dev.holdfast.mongodb.schema;
