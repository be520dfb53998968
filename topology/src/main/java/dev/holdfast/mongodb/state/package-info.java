/** The observed state of MongoDB servers and sets, as immutable records. */
package dev.holdfast.mongodb.state;
