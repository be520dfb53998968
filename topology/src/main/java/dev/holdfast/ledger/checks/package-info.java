/** The claims that a run is held to, one file each. */
package dev.holdfast.ledger.checks;
