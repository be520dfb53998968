/** How a dictionary is drawn. */
package dev.holdfast.schema.diagram;
