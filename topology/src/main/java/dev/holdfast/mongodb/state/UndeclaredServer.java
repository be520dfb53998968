package dev.holdfast.mongodb.state;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.value.MongoDocument;

/**
 * A server with the mark of this cluster on its host that is not declared.
 *
 * @param node the server; its port is 0 if its configuration file names none
 * @param up whether its process runs
 * @param hasData whether its data directory has data
 * @param hello the reply to hello; empty if it does not answer or was not asked
 */
public record UndeclaredServer(Node node, boolean up, boolean hasData, MongoDocument hello) {

    public boolean isRouter() {
        return node.kind() == Node.Kind.MONGOS;
    }

    public UndeclaredServer withReply(MongoDocument answer) {
        return new UndeclaredServer(node, up, hasData, answer);
    }

    /** Returns whether it belongs to a set; a removed member reports no set name. */
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
