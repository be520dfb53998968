package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.topology.MongoCluster;

/**
 * What is known of one server at one moment.
 *
 * @param hostFacts what its host says
 * @param files what its files say
 * @param reply what it says itself
 */
public record NodeState(Node node, HostFacts hostFacts, HostFiles.Files files, ServerReply reply) {

    public boolean answers() {
        return !reply.hello().isEmpty();
    }

    public NodeAvailability state() {
        return answers() ? NodeAvailability.UP : hostFacts.isDown() ? NodeAvailability.DOWN : NodeAvailability.SILENT;
    }

    /** Its host does not say whether it runs, so nothing can be done there. */
    public boolean isOutOfReach() {
        return !hostFacts.isUp() && !hostFacts.isDown();
    }

    public boolean isRouter() {
        return node.kind() == Node.Kind.MONGOS;
    }

    public boolean isPrimary() {
        return reply.hello().is("isWritablePrimary") && !isRouter();
    }

    public boolean isSecondary() {
        return reply.hello().is("secondary");
    }

    public boolean isArbiter() {
        return reply.hello().is("arbiterOnly");
    }

    public Credentials login() {
        return reply.login();
    }

    public boolean isAdmin() {
        return login().user().equals(MongoCluster.ADMIN);
    }

    public String setName() {
        return reply.hello().text("setName");
    }

    /** It answers and was never part of a set. */
    boolean isBlank() {
        return answers() && setName().isEmpty() && reply.unready().equals(ServerQueries.NOT_INITIATED);
    }

    /** It was given up by a failover: only a rejoin starts it again. */
    public boolean isFenced() {
        return !files.fenced().isEmpty();
    }

    /** Nothing of it is there yet. */
    boolean isUnborn() {
        return !answers() && hostFacts.isDown() && hostFacts.ground() == DirectoryOwner.ABSENT;
    }

    /** What it is in its set: primary, secondary, startup2, ...; empty when it does not answer. */
    public String role() {
        if (!answers()) {
            return "";
        }
        if (isRouter()) {
            return "router";
        }
        return isPrimary() ? "primary" : isArbiter() ? "arbiter" : isSecondary() ? "secondary" : unsettled();
    }

    private String unsettled() {
        return switch ((int) reply.status().number("myState")) {
            case 3 -> "recovering";
            case 5 -> "startup2";
            case 9 -> "rollback";
            default ->
                isBlank() ? "blank" : reply.unready().equals(ServerQueries.NOT_A_MEMBER) ? "removed" : "starting";
        };
    }
}
