/** The breaks, one file each, with their mends. */
package dev.holdfast.drill.fault;
