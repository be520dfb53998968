/** The faults, one file each, with the action that reverts them. */
package dev.holdfast.drill.fault;
