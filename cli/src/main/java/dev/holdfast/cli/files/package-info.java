/** Files on the operator's disk. */
package dev.holdfast.cli.files;
