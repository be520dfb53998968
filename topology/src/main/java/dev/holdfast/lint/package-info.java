/** Advice about a valid topology, and the failure simulator. */
package dev.holdfast.lint;
