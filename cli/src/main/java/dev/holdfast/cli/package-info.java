/** The command line program: its entry point, which connects commands with hosts, databases and files. */
package dev.holdfast.cli;
