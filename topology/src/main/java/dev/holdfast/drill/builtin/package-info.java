/** The built-in drills, one file each. */
package dev.holdfast.drill.builtin;
