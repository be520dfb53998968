/** What is broken on purpose, how it recovers, and what must be true afterwards. */
package dev.holdfast.drill;
