/** Restores, side-by-side and in place. */
package dev.holdfast.postgres.restore;
