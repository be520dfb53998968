/** The desired state: the estate as records. */
package dev.holdfast.model;
