package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The observed state of one mongod or mongos, from its host and from the server itself.
 *
 * @param hostFacts facts from its host
 * @param files facts from its files
 * @param reply the server's own reply
 */
public record NodeState(Node node, HostFacts hostFacts, HostFiles.Files files, ServerReply reply) {

    /** The state of a member that has been elected. */
    private static final int PRIMARY = 1;

    /** The role of an elected member that accepts no writes yet. */
    public static final String IN_CATCH_UP = "catch-up";

    /** A catch-up without a source ends within the limit of a heartbeat, which is 10 s by default. */
    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    public boolean answers() {
        return !reply.hello().isEmpty();
    }

    public NodeAvailability state() {
        return answers() ? NodeAvailability.UP : hostFacts.isDown() ? NodeAvailability.DOWN : NodeAvailability.SILENT;
    }

    /** Returns whether its host does not report whether it runs, so that Holdfast must not change it. */
    public boolean isOutOfReach() {
        return !hostFacts.isUp() && !hostFacts.isDown();
    }

    /** Returns why the server does not answer; the report of its host takes precedence. */
    public String silence() {
        if (isOutOfReach() || !hostFacts.reason().isEmpty()) {
            return hostFacts.reason();
        }
        if (isFull()) {
            return "the server runs and refuses connections, because its connections have reached net.maxIncomingConnections";
        }
        return !answers() && hostFacts.isUp() && hostFacts.portTaken()
                ? "the host reports that the server runs and listens on " + node.endpoint() + "; from here: "
                        + reply.message().strip() + "; a firewall or a route blocks this machine, or the server hangs"
                : reply.message();
    }

    private boolean isFull() {
        return !answers() && hostFacts.isUp() && files.isFull();
    }

    /** Returns what an operator does about a server that runs and refuses connections. */
    public Optional<String> errorRemedy() {
        return isFull()
                ? Optional.of("end client sessions of " + node.name()
                        + ", since all its connections are in use, or raise net.maxIncomingConnections")
                : Optional.empty();
    }

    /** Returns where its process runs, where this is not the declared address and port and it does not answer there. */
    public Optional<String> otherEndpoint() {
        return answers() || !hostFacts.isUp()
                ? Optional.empty()
                : Optional.of(files.listens())
                        .filter(e -> !e.startsWith(":") && !e.endsWith(":") && !e.isEmpty())
                        .filter(e -> !e.equals(node.endpoint()));
    }

    /**
     * Returns why it runs another program than the declared one; empty if it does not. Without declared {@code binaries} only
     * the version counts, because each machine that runs Holdfast has its own search path.
     */
    public Optional<String> otherProgram(MongoCluster cluster) {
        return files.program()
                .filter(p -> !cluster.binaries(node.host()).isEmpty()
                        || !p.version().isEmpty()
                                && !reply.version().isEmpty()
                                && !p.version().equals(reply.version()))
                .map(p -> "the running program is " + p.running() + version(reply.version()) + ", desired "
                        + p.desired() + version(p.version()));
    }

    /** Returns why its running server has another version than the declared one; empty if it has not. */
    public Optional<String> otherVersion(MongoCluster cluster) {
        return cluster.version().differs(reply.version())
                ? Optional.of("the server runs MongoDB " + reply.version() + ", declared version "
                        + cluster.version().text())
                : Optional.empty();
    }

    /** Returns why it runs as another operating system user than desired; empty if it does not. */
    public Optional<String> otherUser() {
        return files.user().map(u -> "the server runs as user " + u.running() + ", desired " + u.desired());
    }

    private static String version(String version) {
        return version.isEmpty() ? "" : " (" + version + ")";
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

    /** Returns whether it answers and has never belonged to a set. */
    boolean isBlank() {
        return answers() && setName().isEmpty() && reply.unready().equals(ServerQueries.NOT_INITIATED);
    }

    /** Returns whether it is a stopped member with an empty data directory. */
    public boolean isEmptied() {
        return !isRouter() && !answers() && hostFacts.isDown() && files.isEmpty();
    }

    /** Returns whether it has ended because it cannot continue with its data, so that a start would be in vain. */
    public boolean isBroken() {
        return !answers() && hostFacts.isDown() && !files.broken().isEmpty() && !isEmptied();
    }

    /** Returns whether it is fenced, so that only a rejoin starts it. */
    public boolean isFenced() {
        return !files.fenced().isEmpty();
    }

    /** Returns whether neither its process nor its directory exists. */
    boolean isNotCreated() {
        return !answers() && hostFacts.isDown() && hostFacts.directoryOwner() == DirectoryOwner.ABSENT;
    }

    /** Returns its role in its set: primary, secondary, startup2, ...; empty if it does not answer. */
    public String role() {
        if (!answers()) {
            return "";
        }
        if (isRouter()) {
            return "router";
        }
        return isPrimary() ? "primary" : isArbiter() ? "arbiter" : isSecondary() ? "secondary" : unsettled();
    }

    /**
     * Returns how long an elected member has been in its catch-up, in which it fetches writes of other members and accepts none.
     * Empty if it is not in one, or does not report the times.
     */
    public Optional<Duration> catchUp() {
        if (isPrimary() || reply.status().number("myState") != PRIMARY) {
            return Optional.empty();
        }
        String elected = reply.status()
                .doc("electionCandidateMetrics")
                .doc("lastElectionDate")
                .text("$date");
        String now = reply.status().doc("date").text("$date");
        return elected.isEmpty() || now.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.between(Instant.parse(elected), Instant.parse(now)));
    }

    /**
     * Returns whether its catch-up does not end: it fetches from no member. A configuration that was forced during a catch-up
     * has this effect, because the members that the catch-up waits for are not in it.
     */
    public boolean isCatchUpStuck() {
        return reply.status().text("syncSourceHost").isEmpty()
                && catchUp().filter(t -> t.compareTo(CATCH_UP) > 0).isPresent();
    }

    private String unsettled() {
        return switch ((int) reply.status().number("myState")) {
            case PRIMARY -> IN_CATCH_UP;
            case 3 -> "recovering";
            case 5 -> "startup2";
            case 9 -> "rollback";
            default ->
                isBlank() ? "blank" : reply.unready().equals(ServerQueries.NOT_A_MEMBER) ? "removed" : "starting";
        };
    }
}
