/** The first topology file of an estate, which {@code init} writes. */
package dev.holdfast.cli.starter;
