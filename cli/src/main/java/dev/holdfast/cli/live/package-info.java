/** The execution context that reaches real hosts and databases, and its locks. */
package dev.holdfast.cli.live;
