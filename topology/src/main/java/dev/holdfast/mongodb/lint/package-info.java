/** The lint rules about MongoDB clusters. */
package dev.holdfast.mongodb.lint;
