/** The checks that a drill's record must pass, one file each. */
package dev.holdfast.ledger.checks;
