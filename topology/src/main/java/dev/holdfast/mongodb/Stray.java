package dev.holdfast.mongodb;

import dev.holdfast.model.Node;

/** A server of this cluster that is marked as Holdfast's on its host but declared no more; its port is not known. */
record Stray(Node node, boolean up) {}
