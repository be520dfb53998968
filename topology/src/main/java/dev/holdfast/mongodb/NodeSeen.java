package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Node;
import dev.holdfast.world.Login;
import dev.holdfast.world.State;

/**
 * What is known of one server at one moment.
 *
 * @param footing what its host says
 * @param files what its files say
 * @param heard what it says itself
 */
record NodeSeen(Node node, Footing footing, HostFiles.Files files, Heard heard) {

    boolean answers() {
        return !heard.hello().isEmpty();
    }

    State state() {
        return answers() ? State.UP : footing.isDown() ? State.DOWN : State.SILENT;
    }

    /** Its host does not say whether it runs, so nothing can be done there. */
    boolean isOutOfReach() {
        return !footing.isUp() && !footing.isDown();
    }

    boolean isRouter() {
        return node.kind() == Node.Kind.MONGOS;
    }

    boolean isPrimary() {
        return heard.hello().is("isWritablePrimary") && !isRouter();
    }

    boolean isSecondary() {
        return heard.hello().is("secondary");
    }

    boolean isArbiter() {
        return heard.hello().is("arbiterOnly");
    }

    Login login() {
        return heard.login();
    }

    boolean isAdmin() {
        return login().user().equals(MongoCluster.ADMIN);
    }

    String setName() {
        return heard.hello().text("setName");
    }

    /** It answers and was never part of a set. */
    boolean isBlank() {
        return answers() && setName().isEmpty() && heard.unready().equals(MongoProbes.NOT_INITIATED);
    }

    /** It was given up by a failover: only a rejoin starts it again. */
    boolean isFenced() {
        return !files.fenced().isEmpty();
    }

    /** Nothing of it is there yet. */
    boolean isUnborn() {
        return !answers() && footing.isDown() && footing.ground() == Ground.ABSENT;
    }

    /** What it is in its set: primary, secondary, startup2, ...; empty when it does not answer. */
    String role() {
        if (!answers()) {
            return "";
        }
        if (isRouter()) {
            return "router";
        }
        return isPrimary() ? "primary" : isArbiter() ? "arbiter" : isSecondary() ? "secondary" : unsettled();
    }

    private String unsettled() {
        return switch ((int) heard.status().number("myState")) {
            case 3 -> "recovering";
            case 5 -> "startup2";
            case 9 -> "rollback";
            default -> isBlank() ? "blank" : heard.unready().equals(MongoProbes.NOT_A_MEMBER) ? "removed" : "starting";
        };
    }
}
