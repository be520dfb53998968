/** Metrics of an observed estate: the families, their exposition, and the HTTP endpoint. */
package dev.holdfast.cli.metrics;
