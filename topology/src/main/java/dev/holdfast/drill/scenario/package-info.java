/** What a drill does between its preconditions and its read-back. */
package dev.holdfast.drill.scenario;
