/** The engine of the simulation: sequences of events from seeds, shrinking, planted faults and coverage, for both database engines. */
package dev.holdfast.simulation;
