/** Searches sequences of ordinary events on simulated MongoDB members for violations of what Holdfast promises. */
package dev.holdfast.mongodb.simulation;
