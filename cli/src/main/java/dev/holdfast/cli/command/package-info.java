/** The commands of the command line, one file each. */
package dev.holdfast.cli.command;
