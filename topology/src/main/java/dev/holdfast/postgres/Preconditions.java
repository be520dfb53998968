package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.State;
import java.util.ArrayList;
import java.util.List;

/**
 * The act before all others: what must hold before anything may be touched. It has refusals and notes, never steps.
 *
 * <ol>
 *   <li>No restore of it is under way.
 *   <li>The members together: {@link OnePrimary}.
 *   <li>Each server, proxy and repository server: its directory, its port and its {@link Programs}; of a server of the
 *       cluster also its data and the password to it. One whose host does not answer is passed over.
 *   <li>What nobody declared is noted: {@link Strangers}.
 * </ol>
 */
final class Preconditions {

    /** The runtime socket's path, with what HAProxy appends while it makes it, must fit into a socket address. */
    private static final int LONGEST_SOCKET = 90;

    private static final String NO_SECRET = "NO_SECRET";
    private static final String WRONG_PASSWORD = "28P01";

    private final PostgresCluster cluster;
    private final Programs programs;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Preconditions(PostgresCluster cluster) {
        this.cluster = cluster;
        this.programs = new Programs(cluster);
    }

    static Plan plan(PostgresCluster cluster, PostgresSeen seen) {
        Preconditions preconditions = new Preconditions(cluster);
        preconditions.restoring(seen);
        preconditions.refusals.addAll(new OnePrimary(cluster).refusals(seen));
        seen.members().forEach(m -> preconditions.member(seen, m));
        seen.proxies().forEach(preconditions::proxy);
        seen.repository().forEach(preconditions::repository);
        preconditions.notes.addAll(new Strangers(cluster).notes(seen));
        return new Plan(List.of(), preconditions.refusals, preconditions.notes);
    }

    private void refuse(String where, String what, String hint) {
        refusals.add(new Refusal(where, what, hint));
    }

    /** Its data is aside, so the members look as if they never had any: nothing new may be made in their place. */
    private void restoring(PostgresSeen seen) {
        seen.members().stream()
                .filter(m -> !m.isUp())
                .filter(m -> m.disk().fence().filter(Fence::isRestore).isPresent())
                .forEach(m -> refuse(
                        m.node().id(),
                        m.disk().fence().orElseThrow().told() + ", and that is not done yet",
                        "go on with the same holdfast restore " + cluster.name()
                                + " --into in-place; what was there before is in "
                                + m.node().directory() + "/kept"));
    }

    private void member(PostgresSeen seen, MemberSeen member) {
        String where = member.node().id();
        if (member.isOutOfReach()) {
            return;
        }
        ground(where, member.node(), member.footing());
        if (member.disk().isOdd()) {
            refuse(where, member.node().data() + " holds something that is no database", "move it away");
        }
        if (member.disk().part().equals("recovery")) {
            refuse(where, "it is being restored from a backup", "wait for the end of the restore");
        }
        if (!member.disk().closed().isEmpty()) {
            refuse(
                    where,
                    "user " + member.host().user() + " may not pass through "
                            + member.disk().closed(),
                    "choose another directory: in the topology, or chmod a+x "
                            + member.disk().closed());
        }
        if (member.answer().isRefused(NO_SECRET)) {
            refuse(where, member.answer().text(), "run where the secret is known");
        } else if (member.answer().isRefused(WRONG_PASSWORD)) {
            refuse(
                    where,
                    "its superuser " + PostgresCluster.ADMIN + " has another password than " + cluster.adminPassword(),
                    "set that secret to the right password, or the password to that secret");
        }
        refusals.addAll(programs.refusals(member, seen.major()));
        seen.diverged(member).ifPresent(why -> diverged(member, why));
    }

    /** One that is fenced harms nobody, so that the others may be brought to what is declared without it. */
    private void diverged(MemberSeen member, String why) {
        String where = member.node().id();
        if (member.isDown() && member.disk().fence().isPresent()) {
            notes.add(where + " stays fenced: " + why + "; holdfast rejoin " + where + " brings it back");
        } else {
            refuse(
                    where,
                    why + "; its data is not thrown away by itself",
                    "holdfast rejoin " + where + " keeps what only it has, then rewinds or re-clones it");
        }
    }

    private void ground(String where, Node node, Footing footing) {
        if (footing.ground() == Ground.FOREIGN) {
            refuse(
                    where,
                    node.directory() + " is not empty and not marked as ours",
                    "choose another directory: in the topology, or move that folder away");
        }
        if (footing.isDown() && footing.portTaken()) {
            portTaken(where, node.endpoint());
        }
    }

    private void portTaken(String where, String endpoint) {
        refuse(
                where,
                "something else listens on " + endpoint,
                "choose another port: in the topology, or stop what listens there");
    }

    private void proxy(ProxySeen proxy) {
        String where = proxy.node().id();
        if (proxy.footing().process() == State.SILENT) {
            return;
        }
        ground(where, proxy.node(), proxy.footing());
        if (proxy.footing().isDown() && proxy.isReadPortTaken()) {
            portTaken(where, proxy.node().host().address() + ":" + proxy.proxy().readPort());
        }
        if (!proxy.closed().isEmpty()) {
            refuse(
                    where,
                    (proxy.proxy().isPooler() ? "PgBouncer's" : "HAProxy's") + " user may not pass through "
                            + proxy.closed(),
                    "choose another directory: in the topology, or chmod a+x " + proxy.closed());
        }
        refusals.addAll(programs.refusals(proxy));
        if (!proxy.proxy().isPooler() && proxy.node().run().length() > LONGEST_SOCKET) {
            refuse(where, proxy.node().run() + " is too long for a socket's path", "choose a shorter directory:");
        }
    }

    private void repository(RepositoryServerSeen server) {
        if (server.isOutOfReach()) {
            return;
        }
        ground(server.node().id(), server.node(), server.footing());
        refusals.addAll(programs.refusals(server));
    }
}
