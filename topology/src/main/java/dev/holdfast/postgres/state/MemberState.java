package dev.holdfast.postgres.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.value.Lsn;
import java.util.Optional;

/**
 * What was seen of one member, by its host and by its server.
 *
 * @param answer what its server answered to {@code postgres/look.sql}
 */
public record MemberState(
        Member member,
        HostFacts hostFacts,
        InstalledVersions host,
        DataDirectoryState disk,
        ActionResult answer,
        ServerState server) {

    private static final String STARTING_UP = "57P03";

    public static MemberState of(
            Member member, HostFacts hostFacts, InstalledVersions host, DataDirectoryState disk, ActionResult answer) {
        ServerState server = answer.isOk() ? ServerState.of(answer) : ServerState.NEW;
        return new MemberState(member, hostFacts, host, disk, answer, server);
    }

    /** The same member, with the reason why its server would not start with the declared settings. */
    public MemberState withRefusedSettings(String why) {
        return new MemberState(member, hostFacts, host, disk, answer, server.withRefusedSettings(why));
    }

    /** The same, as unreachable when its host did not answer another question of the same observation. */
    public MemberState confirmedBy(ActionResult answer) {
        return new MemberState(member, hostFacts.confirmedBy(answer), host, disk, this.answer, server);
    }

    public Node node() {
        return member.node();
    }

    public String name() {
        return node().name();
    }

    public NodeAvailability state() {
        if (answer.isOk()) {
            return NodeAvailability.UP;
        }
        return hostFacts.isDown() ? NodeAvailability.DOWN : NodeAvailability.SILENT;
    }

    public boolean isUp() {
        return state() == NodeAvailability.UP;
    }

    public boolean isDown() {
        return state() == NodeAvailability.DOWN;
    }

    /** Its host does not answer, so nothing can be said or done there. */
    public boolean isOutOfReach() {
        return hostFacts.process() == NodeAvailability.SILENT || !host.trouble().isEmpty();
    }

    /** Why its host does not answer. */
    public String hostTrouble() {
        return hostFacts.reason().isEmpty() ? host.trouble() : hostFacts.reason();
    }

    /** Why it does not answer; what its host knows of that is the deeper reason. */
    public String silence() {
        if (isOutOfReach() || !hostFacts.reason().isEmpty()) {
            return hostTrouble();
        }
        return hostFacts.isUp() && hostFacts.portTaken() && answer.isSilent()
                ? "its host says that it runs and listens on " + node().endpoint() + ", and from here: "
                        + answer.text().strip() + "; a firewall or a route may block this machine, or it hangs"
                : answer.sentence();
    }

    /** Its process is there, and says that it is not ready yet. */
    public boolean isStarting() {
        return answer.isRefused(STARTING_UP);
    }

    /** The port that its process runs with, where that is not the declared one and it does not answer there. */
    public Optional<String> otherPort() {
        return isDown() || !answer.isSilent()
                ? Optional.empty()
                : Optional.ofNullable(disk.marks().get("port")).filter(p -> !p.equals(Integer.toString(node().port())));
    }

    public boolean isPrimary() {
        return isUp() && !server.isStandby();
    }

    public boolean isStandby() {
        return isUp() && server.isStandby();
    }

    public boolean hasDatabase() {
        return isUp() || disk.hasDatabase();
    }

    /** Not running, or not answering, and it would come up as a primary. */
    public boolean wasPrimary() {
        return !isUp() && disk.wouldBePrimary();
    }

    boolean isForeign() {
        return hostFacts.ground() == DirectoryOwner.FOREIGN;
    }

    public String systemIdentifier() {
        return isUp() ? server.systemIdentifier() : disk.control().getOrDefault("system_identifier", "");
    }

    public int timeline() {
        return isUp() ? server.timeline() : disk.timeline();
    }

    /** The timelines before its own, as in a history file; empty when there are none, or they are not known. */
    String history() {
        return isUp() ? server.history() : disk.control().getOrDefault("history", "");
    }

    public int major() {
        return isUp() ? server.major() : disk.major();
    }

    /**
     * Whether this standby has every commit of a primary that was stopped cleanly. The last record begins at the checkpoint's
     * position, so the end of the standby's WAL must be past that.
     */
    public boolean hasAllOf(MemberState stopped) {
        String checkpoint = stopped.disk().control().getOrDefault("checkpoint_lsn", "");
        return stopped.isDown()
                && stopped.disk().control().getOrDefault("state", "").equals("shut down")
                && !checkpoint.isEmpty()
                && timeline() == stopped.disk().timeline()
                && server.end().isPast(Lsn.at(checkpoint));
    }

    /** An apply makes a standby of it: it is stopped or has no database, was not primary, and is not fenced. */
    public boolean isMadeToFollow() {
        return !isOutOfReach() && isDown() && !wasPrimary() && disk.fence().isEmpty();
    }
}
