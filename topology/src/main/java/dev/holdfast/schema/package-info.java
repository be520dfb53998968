/** The engine-independent data dictionary. */
package dev.holdfast.schema;
