package dev.holdfast.postgres.provision;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.RepositoryServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.List;

/**
 * The first stage of apply for a PostgreSQL cluster: the preconditions of every change. It has refusals, notes and open
 * differences, never steps.
 *
 * <ol>
 *   <li>No restore of the cluster is in progress.
 *   <li>The members are consistent: {@link PrimaryConsistencyCheck}.
 *   <li>Each server, proxy and repository server passes the checks of its directory, its port and its {@link SoftwareCheck}; a
 *       member also those of its data and its password. Unreachable hosts are skipped.
 *   <li>Undeclared objects are noted: {@link UndeclaredObjects}.
 * </ol>
 */
public final class Preconditions {

    /** The path of the runtime socket, with the suffix that HAProxy appends temporarily, must fit into a socket address. */
    private static final int LONGEST_SOCKET = 90;

    private static final String WRONG_PASSWORD = "28P01";

    private final PostgresCluster cluster;
    private final SoftwareCheck programs;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Refusal> open = new ArrayList<>();

    private Preconditions(PostgresCluster cluster) {
        this.cluster = cluster;
        this.programs = new SoftwareCheck(cluster);
    }

    public static Plan plan(PostgresCluster cluster, PostgresState state) {
        List<Refusal> occupied = occupied(state);
        if (!occupied.isEmpty()) {
            return Plan.refused(
                    occupied); // what else such a plan could say is about servers of another name or directory
        }
        Preconditions preconditions = new Preconditions(cluster);
        preconditions.restoring(state);
        preconditions.refusals.addAll(new PrimaryConsistencyCheck(cluster).refusals(state));
        state.members().forEach(m -> preconditions.member(state, m));
        state.proxies().forEach(preconditions::proxy);
        state.repository().forEach(preconditions::repository);
        UndeclaredObjects undeclared = new UndeclaredObjects(cluster);
        preconditions.notes.addAll(undeclared.notes(state));
        preconditions.open.addAll(undeclared.open(state));
        return new Plan(List.of(), preconditions.refusals, preconditions.notes, List.of(), preconditions.open);
    }

    /** Returns the nodes whose directory or port another server of Holdfast has: a name or directory was changed. */
    public static List<Refusal> occupied(PostgresState state) {
        List<Refusal> occupied = new ArrayList<>();
        state.members().forEach(m -> m.hostFacts().occupied(m.node()).ifPresent(occupied::add));
        state.proxies().forEach(p -> p.hostFacts().occupied(p.node()).ifPresent(occupied::add));
        state.repository().forEach(r -> r.hostFacts().occupied(r.node()).ifPresent(occupied::add));
        return occupied;
    }

    /** Returns the checks that do not depend on who runs the members: directories, ports, passwords and software. */
    public static Plan ofHosts(PostgresCluster cluster, PostgresState state) {
        List<Refusal> occupied = occupied(state);
        if (!occupied.isEmpty()) {
            return Plan.refused(occupied);
        }
        Preconditions preconditions = new Preconditions(cluster);
        state.members().forEach(m -> {
            if (preconditions.isCheckable(m)) {
                preconditions.host(state, m);
            }
        });
        state.proxies().forEach(preconditions::proxy);
        state.repository().forEach(preconditions::repository);
        return Plan.refused(preconditions.refusals).and(Plan.open(preconditions.open));
    }

    private void refuse(String where, String what, String hint) {
        refusals.add(new Refusal(where, what, hint));
    }

    /** During a restore the old data is preserved elsewhere, so the members look empty. No new cluster may replace them. */
    private void restoring(PostgresState state) {
        state.members().stream()
                .filter(m -> !m.isUp())
                .filter(m -> m.disk().fence().filter(FenceMark::isRestore).isPresent())
                .forEach(m -> refuse(
                        m.node().id(),
                        m.disk().fence().orElseThrow().description() + " has not finished",
                        "continue with the same holdfast restore " + cluster.name()
                                + " --into in-place, or return to the previous data, which is in "
                                + m.node().directory() + "/kept: holdfast restore " + cluster.name() + " --undo"));
    }

    /** Returns whether the host of a member answers; refuses an unknown process on its port. */
    private boolean isCheckable(MemberState member) {
        if (member.isOutOfReach() && member.hostFacts().isPortTakenByUnknown()) {
            portTaken(member.node().id(), member.node().endpoint());
        }
        return !member.isOutOfReach();
    }

    private void member(PostgresState state, MemberState member) {
        if (!isCheckable(member)) {
            return;
        }
        String where = member.node().id();
        if (member.disk().hasPatroni()) {
            refuse(
                    where,
                    "Patroni runs this member, and failover: manual is declared; Holdfast cannot convert a running cluster yet",
                    "declare failover: automatic again");
            return;
        }
        host(state, member);
        roles(state, member);
    }

    private void host(PostgresState state, MemberState member) {
        String where = member.node().id();
        checkDirectory(where, member.node(), member.hostFacts());
        member.otherPort().ifPresent(p -> moved(member, p));
        member.otherAddress().ifPresent(a -> readdressed(member, a));
        if (member.disk().isOdd() && !member.disk().hasPatroni()) {
            refuse(where, member.node().data() + " has contents, but no database", "move the contents away");
        }
        if (member.disk().role().equals("recovery")) {
            refuse(where, "a restore from a backup is in progress", "wait until the restore has finished");
        }
        if (!member.disk().closed().isEmpty()) {
            refuse(
                    where,
                    "user " + member.host().user() + " has no access to the directory "
                            + member.disk().closed(),
                    "choose another directory: in the topology, or chmod a+x "
                            + member.disk().closed());
        }
        if (member.answer().isRefused(ActionResult.NO_SECRET)) {
            refuse(where, member.answer().reason(), member.answer().hint());
        } else if (member.answer().isRefused(WRONG_PASSWORD)) {
            refuse(
                    where,
                    "the password of the superuser " + PostgresCluster.ADMIN + " is not the value of the secret "
                            + cluster.adminPassword().name(),
                    "set the secret to the password, or the password to the value of the secret; an expired password fails"
                            + " alike: ALTER ROLE " + PostgresCluster.ADMIN
                            + " VALID UNTIL 'infinity' through the local"
                            + " socket");
        }
        List<Refusal> lacking = programs.refusals(member, state.major());
        refusals.addAll(lacking);
        if (lacking.isEmpty()) {
            member.otherVersion(cluster.version())
                    .ifPresent(w -> open.add(new Refusal(
                            where, w, "holdfast apply restarts the server with its program", ExitCode.INCOMPLETE)));
        }
    }

    private void roles(PostgresState state, MemberState member) {
        String where = member.node().id();
        if (member.isDown()
                && state.diverged(member).isEmpty()
                && !member.wasPrimary()
                && member.disk().fence().filter(f -> !f.isRestore()).isPresent()) {
            open.add(new Refusal(
                    where,
                    "the member stays fenced: "
                            + member.disk().fence().orElseThrow().description(),
                    "holdfast rejoin " + where,
                    ExitCode.INCOMPLETE));
        }
        if (member.server().isReplayPaused()) {
            open.add(new Refusal(
                    where,
                    "replay is paused on " + member.name() + ", so the member does not follow",
                    "resume the replay: SELECT pg_wal_replay_resume() on " + member.name(),
                    ExitCode.INCOMPLETE));
        }
        state.diverged(member).ifPresent(why -> diverged(member, why));
    }

    /** A running server never moves to another port by itself, and this difference may not cause a role change. */
    private void moved(MemberState member, String port) {
        int desired = member.node().port();
        refuse(
                member.node().id(),
                "the server runs on port " + port + ", desired " + desired
                        + "; apply does not change the port of a server",
                "declare port: " + port + " again; "
                        + (member.disk().wouldBePrimary()
                                ? "holdfast switchover " + cluster.name()
                                        + " makes the server a standby, and a standby can be moved"
                                : "or stop the server (pg_ctl stop -D "
                                        + member.node().data() + "), and holdfast apply starts it on port " + desired));
    }

    private void readdressed(MemberState member, String address) {
        refuse(
                member.node().id(),
                "the server listens on address " + address + ", desired "
                        + member.node().host().address() + "; apply does not move a running server",
                "declare address: " + address + " of host "
                        + member.node().host().name() + " again; "
                        + (member.disk().wouldBePrimary()
                                ? "holdfast switchover " + cluster.name()
                                        + " makes the server a standby, and a standby can be moved"
                                : "or stop the server (pg_ctl stop -D "
                                        + member.node().data() + "), and holdfast apply starts it on the new address"));
    }

    /** A fenced member is safe, so Holdfast configures the other members without it. */
    private void diverged(MemberState member, String why) {
        String where = member.node().id();
        if (member.isDown() && member.disk().fence().isPresent()) {
            open.add(new Refusal(
                    where, "the member stays fenced: " + why, "holdfast rejoin " + where, ExitCode.INCOMPLETE));
        } else {
            refuse(
                    where,
                    why + "; Holdfast discards no data of this member without a command",
                    "holdfast rejoin " + where + " preserves what only this member has, then rewinds or re-clones it");
        }
    }

    private void checkDirectory(String where, Node node, HostFacts hostFacts) {
        if (hostFacts.isDown() && !hostFacts.nameTrouble(node).isEmpty()) {
            refuse(where, hostFacts.nameTrouble(node), HostFacts.NAME_HINT);
        }
        if (hostFacts.directoryOwner() == DirectoryOwner.FOREIGN) {
            refuse(
                    where,
                    node.directory() + " is not empty and has no mark of this cluster",
                    "declare another directory in the topology, or move the existing directory away");
        }
        if (hostFacts.isPortTakenByUnknown()) {
            portTaken(where, node.endpoint());
        }
    }

    private void portTaken(String where, String endpoint) {
        refuse(
                where,
                "something else listens on " + endpoint,
                "declare another port in the topology, or stop the process that listens there");
    }

    private void proxy(ProxyState proxy) {
        String where = proxy.node().id();
        if (proxy.hostFacts().process() == NodeAvailability.SILENT
                && !proxy.hostFacts().isPortTakenByUnknown()) {
            return;
        }
        checkDirectory(where, proxy.node(), proxy.hostFacts());
        if (proxy.hostFacts().isDown() && proxy.isReadPortTaken()) {
            portTaken(where, proxy.node().host().address() + ":" + proxy.proxy().readPort());
        }
        if (!proxy.closed().isEmpty()) {
            refuse(
                    where,
                    (proxy.proxy().isPooler() ? "PgBouncer's" : "HAProxy's") + " user has no permission to search "
                            + proxy.closed(),
                    "choose another directory: in the topology, or chmod a+x " + proxy.closed());
        }
        refusals.addAll(programs.refusals(proxy));
        if (!proxy.proxy().isPooler() && proxy.node().run().length() > LONGEST_SOCKET) {
            refuse(where, proxy.node().run() + " is too long for the path of a socket", "choose a shorter directory:");
        }
    }

    private void repository(RepositoryServerState server) {
        if (server.isOutOfReach() && !server.hostFacts().isPortTakenByUnknown()) {
            return;
        }
        checkDirectory(server.node().id(), server.node(), server.hostFacts());
        refusals.addAll(programs.refusals(server));
    }
}
