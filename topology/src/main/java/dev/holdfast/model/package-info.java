/** What we want: the estate as records. */
package dev.holdfast.model;
