/** The command that finishes an upgrade. */
package dev.holdfast.cli.upgrade;
