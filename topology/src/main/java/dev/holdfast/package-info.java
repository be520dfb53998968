/** Thinks: what is wanted, what was seen, what to do about it. No disk, network or clock. */
package dev.holdfast;
