/** Reads drill files, in which users declare drills of their own. */
package dev.holdfast.drill.config;
