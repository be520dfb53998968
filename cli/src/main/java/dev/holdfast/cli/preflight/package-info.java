/** The command {@code preflight}, and the same observation before {@code apply} creates servers. */
package dev.holdfast.cli.preflight;
