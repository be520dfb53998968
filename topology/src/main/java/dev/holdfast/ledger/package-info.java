/** What happened, and what may be said of it. */
package dev.holdfast.ledger;
