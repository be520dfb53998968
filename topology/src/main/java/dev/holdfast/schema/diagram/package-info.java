/** Diagrams of the data dictionary. */
package dev.holdfast.schema.diagram;
