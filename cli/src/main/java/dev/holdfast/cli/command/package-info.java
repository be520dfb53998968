/** One file per verb. */
package dev.holdfast.cli.command;
