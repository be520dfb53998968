package dev.holdfast.execution;

/**
 * Whether a node is available. Unreachable is not down: DOWN is used only when the node's host reports that the process has
 * exited; no answer is SILENT.
 */
public enum NodeAvailability {
    UP,
    DOWN,
    SILENT
}
