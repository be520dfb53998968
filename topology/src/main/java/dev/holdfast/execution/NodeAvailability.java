package dev.holdfast.execution;

/**
 * Whether a node is there. Silence is not death: DOWN is only said when the node's host says that its process is
 * gone; no answer is SILENT.
 */
public enum NodeAvailability {
    UP,
    DOWN,
    SILENT
}
