/** What experience advises of a valid topology, and what each failure would do to it. */
package dev.holdfast.lint;
