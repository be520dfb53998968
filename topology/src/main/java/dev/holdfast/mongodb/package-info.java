/** The MongoDB engine. */
package dev.holdfast.mongodb;
