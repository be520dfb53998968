package dev.holdfast.postgres.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.value.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * The observed state of one member, from its host and its server.
 *
 * @param answer the answer of its server to {@code postgres/look.sql}
 */
public record MemberState(
        Member member,
        HostFacts hostFacts,
        InstalledVersions host,
        DataDirectoryState disk,
        ActionResult answer,
        ServerState server) {

    private static final String STARTING_UP = "57P03";
    private static final String TOO_MANY_CONNECTIONS = "53300";
    /** The class of SQLSTATE of a login that the server rejects. */
    private static final String LOGIN_CLASS = "28";
    /** The SQLSTATE of the driver for an authentication method that it does not accept. */
    private static final String LOGIN_METHOD = "08004";

    public static MemberState of(
            Member member, HostFacts hostFacts, InstalledVersions host, DataDirectoryState disk, ActionResult answer) {
        ServerState server = answer.isOk() ? ServerState.of(answer) : ServerState.NEW;
        return new MemberState(member, hostFacts, host, disk, answer, server);
    }

    /** Returns the same member, with the reason why its server would not start with the declared settings. */
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

    /** Returns the newest major version that all members that answer have installed, or the declared one; 0 when there is none. */
    static int newestCommonVersion(List<MemberState> members, DeclaredVersion declared) {
        List<InstalledVersions> hosts = members.stream()
                .filter(m -> !m.isOutOfReach())
                .map(MemberState::host)
                .toList();
        return InstalledVersions.newestCommon(hosts, declared);
    }

    /** Returns whether its server runs and answers with an error, so that its data is there and clients can use it. */
    public boolean reportsError() {
        return !(isDown() && hasDatabase())
                && answer.isRefused()
                && answer.code().matches("[0-9A-Z]{5}")
                && !answer.code().startsWith("57P");
    }

    /** Returns whether its server runs and rejects the login before any statement, for example because of pg_hba.conf. */
    public boolean rejectsLogin() {
        return reportsError()
                && (answer.code().startsWith(LOGIN_CLASS) || answer.code().equals(LOGIN_METHOD));
    }

    /** Returns what a person does about the error that its server reports: an action to which a command can be added. */
    public Optional<String> errorRemedy() {
        if (!reportsError()) {
            return Optional.empty();
        }
        if (answer.code().equals(TOO_MANY_CONNECTIONS)) {
            return Optional.of("end client sessions of " + name()
                    + ", since all its connections are in use, those for superusers included");
        }
        if (answer.text().contains("pg_hba.conf") || answer.code().equals(LOGIN_METHOD)) {
            return Optional.of("holdfast apply restores " + node().directory() + "/conf/pg_hba.conf on "
                    + node().host().name()
                    + " where it differs from the topology; else add this machine to the declared clients");
        }
        return Optional.of(
                answer.code().startsWith(LOGIN_CLASS)
                        ? "use the secrets of the machine that runs this estate (" + name()
                                + " rejects the login from here)"
                        : "remove the cause of this error on " + name());
    }

    /** Returns whether its host does not answer. */
    public boolean isOutOfReach() {
        return hostFacts.process() == NodeAvailability.SILENT || !host.trouble().isEmpty();
    }

    /** Returns why its host does not answer. */
    public String hostTrouble() {
        return hostFacts.reason().isEmpty() ? host.trouble() : hostFacts.reason();
    }

    /** Returns why it does not answer; the report of its host takes precedence. */
    public String silence() {
        if (isOutOfReach() || !hostFacts.reason().isEmpty()) {
            return hostTrouble();
        }
        return hostFacts.isUp() && hostFacts.portTaken() && answer.isSilent()
                ? "the host reports that the server runs and listens on " + node().endpoint() + "; from here: "
                        + answer.text().strip() + "; a firewall or a route blocks this machine, or the server hangs"
                : answer.withoutHint();
    }

    /** Returns whether its process exists and reports that it is not ready yet. */
    public boolean isStarting() {
        return answer.isRefused(STARTING_UP);
    }

    /** Returns the port of its process, where this is not the declared port and it does not answer on the declared one. */
    public Optional<String> otherPort() {
        return isDown() || !answer.isSilent()
                ? Optional.empty()
                : Optional.ofNullable(disk.marks().get("port")).filter(p -> !p.equals(Integer.toString(node().port())));
    }

    /**
     * Returns why its server runs another program than the declared one; empty if it does not. Without declared
     * {@code binaries} only the version counts, because each machine that runs Holdfast has its own search path.
     */
    public Optional<String> otherProgram(String binaries) {
        String installed = host.versions().getOrDefault(major(), "");
        boolean isOther = !binaries.isEmpty() || isUp() && !installed.isEmpty() && !installed.equals(server.version());
        return Optional.ofNullable(disk.marks().get("program"))
                .filter(p -> isOther)
                .map(p -> "the running program is " + disk.marks().get("running") + " (" + server.version()
                        + "), desired " + p + " (" + installed + ")");
    }

    /** Returns why its running server has another version than the declared one; empty if it has not. */
    public Optional<String> otherVersion(DeclaredVersion declared) {
        return isUp() && declared.differs(server.version())
                ? Optional.of(
                        "the server runs PostgreSQL " + server.version() + ", declared version " + declared.text())
                : Optional.empty();
    }

    /** Returns the address of its process, where this is not the declared address and it does not answer on the declared one. */
    public Optional<String> otherAddress() {
        return isDown() || !answer.isSilent()
                ? Optional.empty()
                : Optional.ofNullable(disk.marks().get("address"))
                        .filter(a -> !a.isEmpty()
                                && !a.equals("*")
                                && !a.equals(node().host().address()));
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

    /** Returns whether it does not run or answer, and would start as a primary. */
    public boolean wasPrimary() {
        return !isUp() && disk.wouldBePrimary();
    }

    boolean isForeign() {
        return hostFacts.directoryOwner() == DirectoryOwner.FOREIGN;
    }

    public String systemIdentifier() {
        return isUp() ? server.systemIdentifier() : disk.control().systemIdentifier();
    }

    public int timeline() {
        return isUp() ? server.timeline() : disk.control().timeline();
    }

    /** Returns the end of its WAL. */
    Lsn end() {
        return isUp() ? server.end() : disk.end();
    }

    /** Returns the earlier timelines, as in a history file; empty when there are none or they are unknown. */
    String history() {
        return isUp() ? server.history() : disk.control().history();
    }

    public int major() {
        return isUp() ? server.major() : disk.major();
    }

    /**
     * Returns whether this standby has every commit of a cleanly stopped primary. The last record starts at the checkpoint LSN,
     * so the standby's WAL must end after this LSN.
     */
    public boolean hasAllOf(MemberState stopped) {
        String checkpoint = stopped.disk().control().checkpointLsn();
        return stopped.isDown()
                && stopped.disk().control().state().equals("shut down")
                && !checkpoint.isEmpty()
                && timeline() == stopped.disk().control().timeline()
                && server.end().isPast(Lsn.at(checkpoint));
    }

    /** Returns whether apply makes it a standby: it is stopped or empty, was not primary, and is not fenced. */
    public boolean isMadeToFollow() {
        return !isOutOfReach() && isDown() && !wasPrimary() && disk.fence().isEmpty();
    }
}
