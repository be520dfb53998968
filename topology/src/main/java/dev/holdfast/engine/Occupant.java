package dev.holdfast.engine;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;

/**
 * Another server of Holdfast that has a node's directory or listens on its port: a sign that a name or a directory in the
 * topology has changed.
 *
 * @param isOnPort whether it listens on the node's port; otherwise it has the node's directory
 * @param estate the estate in its mark
 * @param id the node in its mark
 * @param isOwnEstate whether that is the declared estate
 */
record Occupant(boolean isOnPort, String estate, String id, String directory, boolean isOwnEstate) {

    static Occupant of(HostRecords.Occupant found, String estate) {
        String[] mark = found.mark().split(" ", 2);
        return new Occupant(
                found.where() == HostRecords.Place.PORT,
                mark[0],
                mark.length > 1 ? mark[1] : "",
                found.directory(),
                mark[0].equals(estate));
    }

    Refusal refusal(Node node) {
        return new Refusal(node.id(), what(node), hint(node));
    }

    private boolean isSelf(Node node) {
        return id.equals(node.id());
    }

    private String what(Node node) {
        if (isOnPort && isOwnEstate && isSelf(node)) {
            return "the server runs in the directory " + directory + ", desired " + node.directory()
                    + "; apply does not move a directory";
        }
        String owner = id + (isOwnEstate ? "" : " of the estate " + estate);
        return isOnPort
                ? "port " + node.port() + " of " + node.host().address() + " is used by " + owner + ", which runs in "
                        + directory
                : "the directory " + directory + " belongs to " + owner;
    }

    private String hint(Node node) {
        if (isOwnEstate && isSelf(node)) {
            return "declare the directory " + directory + " again; or stop the server, move that directory to "
                    + node.directory() + " on " + node.host().name() + ", and run holdfast apply";
        }
        if (!isOwnEstate && isSelf(node)) {
            return "declare name: " + estate + " again; an estate keeps its name";
        }
        if (isOwnEstate) {
            return "declare " + id
                    + " again, because clusters, sets and hosts with servers keep their names; or declare" + " another "
                    + (isOnPort ? "port" : "directory") + " for " + node.id();
        }
        return "declare another " + (isOnPort ? "port" : "directory") + " for the server";
    }
}
