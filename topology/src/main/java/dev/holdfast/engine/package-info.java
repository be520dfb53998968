/** The door every engine offers, and how the topology file is read. */
package dev.holdfast.engine;
