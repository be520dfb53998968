/** The phases of a drill run. */
package dev.holdfast.drill.run;
