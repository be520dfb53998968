/** The record of a run, and what can be concluded from it. */
package dev.holdfast.ledger;
