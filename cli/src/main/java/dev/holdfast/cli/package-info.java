/** The command line program. */
package dev.holdfast.cli;
