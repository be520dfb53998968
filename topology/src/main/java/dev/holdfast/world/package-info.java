/** What can be done and what was seen; the one door outside. */
package dev.holdfast.world;
