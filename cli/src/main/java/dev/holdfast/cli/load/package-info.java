/** The load generator. */
package dev.holdfast.cli.load;
