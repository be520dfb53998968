/** The interface that every database engine implements. */
package dev.holdfast.engine;
