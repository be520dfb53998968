/** Probes that observe servers and sets, and conditions built from them. */
package dev.holdfast.mongodb.probe;
