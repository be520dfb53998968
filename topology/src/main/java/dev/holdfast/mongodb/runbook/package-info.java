/** Written runbooks from simulated state. */
package dev.holdfast.mongodb.runbook;
