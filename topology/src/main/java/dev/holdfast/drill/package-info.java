/** Drills: faults, recovery, and the conditions that must hold afterwards. */
package dev.holdfast.drill;
