/** Reading and validating the data dictionary. */
package dev.holdfast.schema.config;
