package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.Answer;
import dev.holdfast.world.State;

/**
 * What was seen of one member, by its host and by its server.
 *
 * @param answer what its server answered to {@code postgres/look.sql}
 */
record MemberSeen(Member member, Footing footing, HostSeen host, DiskSeen disk, Answer answer, ServerSeen server) {

    private static final String STARTING_UP = "57P03";

    static MemberSeen of(Member member, Footing footing, HostSeen host, DiskSeen disk, Answer answer) {
        ServerSeen server = answer.isOk() ? ServerSeen.of(answer) : ServerSeen.NEW;
        return new MemberSeen(member, footing, host, disk, answer, server);
    }

    Node node() {
        return member.node();
    }

    String name() {
        return node().name();
    }

    State state() {
        if (answer.isOk()) {
            return State.UP;
        }
        return footing.isDown() ? State.DOWN : State.SILENT;
    }

    boolean isUp() {
        return state() == State.UP;
    }

    boolean isDown() {
        return state() == State.DOWN;
    }

    /** Its host does not answer, so nothing can be said or done there. */
    boolean isOutOfReach() {
        return footing.process() == State.SILENT || !host.trouble().isEmpty();
    }

    /** Why its host does not answer. */
    String hostTrouble() {
        return footing.told().isEmpty() ? host.trouble() : footing.told();
    }

    /** Its process is there, and says that it is not ready yet. */
    boolean isStarting() {
        return answer.isRefused(STARTING_UP);
    }

    boolean isPrimary() {
        return isUp() && !server.isStandby();
    }

    boolean isStandby() {
        return isUp() && server.isStandby();
    }

    boolean hasDatabase() {
        return isUp() || disk.hasDatabase();
    }

    /** Not running, or not answering, and it would come up as a primary. */
    boolean wasPrimary() {
        return !isUp() && disk.wouldBePrimary();
    }

    boolean isForeign() {
        return footing.ground() == Ground.FOREIGN;
    }

    String systemIdentifier() {
        return isUp() ? server.systemIdentifier() : disk.control().getOrDefault("system_identifier", "");
    }

    int timeline() {
        return isUp() ? server.timeline() : disk.timeline();
    }

    int major() {
        return isUp() ? server.major() : disk.major();
    }
}
