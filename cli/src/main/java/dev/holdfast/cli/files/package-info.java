/** What is read from and written to the operator's disk. */
package dev.holdfast.cli.files;
