package dev.holdfast.mongodb.state;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.value.MongoDocument;

/**
 * A server of this cluster that is marked as Holdfast's on its host but is not declared.
 *
 * @param node its port is 0 when its configuration file does not say
 * @param up its process lives
 * @param hasData its data directory holds data
 * @param hello what it tells anyone; empty when it does not answer or was not asked
 */
public record UndeclaredServer(Node node, boolean up, boolean hasData, MongoDocument hello) {

    public boolean isRouter() {
        return node.kind() == Node.Kind.MONGOS;
    }

    public UndeclaredServer withReply(MongoDocument answer) {
        return new UndeclaredServer(node, up, hasData, answer);
    }

    /** It is in the configuration that it has: one that was removed from its set names no set. */
    boolean isMember() {
        return !hello.text("setName").isEmpty();
    }

    public String set() {
        return hello.text("setName").isEmpty() ? node.group() : hello.text("setName");
    }

    String role() {
        return hello.is("isWritablePrimary") ? "primary" : hello.is("arbiterOnly") ? "arbiter" : "member";
    }
}
