package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The act before all others: what must hold before anything may be touched. It has refusals and notes, never steps. */
final class Preconditions {

    private static final int OLDEST = 14;
    private static final int NEWEST = 18;
    /** The runtime socket's path, with what HAProxy appends while it makes it, must fit into a socket address. */
    private static final int LONGEST_SOCKET = 90;

    private static final String NO_SECRET = "NO_SECRET";
    private static final String WRONG_PASSWORD = "28P01";

    private final PostgresCluster cluster;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Preconditions(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    static Plan plan(PostgresCluster cluster, PostgresSeen seen) {
        Preconditions preconditions = new Preconditions(cluster);
        preconditions.restoring(seen);
        preconditions.lineage(seen);
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

    /** One primary, one origin, one line of descent. */
    private void lineage(PostgresSeen seen) {
        List<MemberSeen> primaries = seen.primaries();
        if (primaries.size() > 1) {
            refuse(
                    cluster.name(),
                    "two primaries, a split brain: " + told(primaries, m -> m.name() + " on timeline " + m.timeline()),
                    "find out which one clients wrote to; holdfast rejoin of the one that was left, on the lower"
                            + " timeline, fences it, keeps what only it has and brings it back");
            return;
        }
        oneOf(seen, "system identifiers", "a member of another cluster is among them", MemberSeen::systemIdentifier);
        oneOf(
                seen,
                "major versions",
                "members of one cluster have one version; upgrade or re-clone the other",
                m -> m.major() == 0 ? "" : Integer.toString(m.major()));
        if (seen.members().stream().anyMatch(MemberSeen::isOutOfReach)
                && seen.primary().isEmpty()) {
            seen.members().stream().filter(MemberSeen::isOutOfReach).forEach(this::outOfReach);
        } else if (seen.leader().isEmpty()) {
            noLeader(seen);
        } else {
            behind(seen, seen.leader().get());
            fenced(seen.leader().get());
        }
    }

    private void oneOf(
            PostgresSeen seen, String what, String hint, java.util.function.Function<MemberSeen, String> which) {
        Map<String, List<MemberSeen>> by = new LinkedHashMap<>();
        seen.members().stream()
                .filter(m -> m.hasDatabase() && !which.apply(m).isEmpty())
                .forEach(m -> by.computeIfAbsent(which.apply(m), k -> new ArrayList<>())
                        .add(m));
        if (by.size() > 1) {
            String names = by.entrySet().stream()
                    .map(e -> told(e.getValue(), MemberSeen::name) + " has " + e.getKey())
                    .collect(Collectors.joining("; "));
            refuse(cluster.name(), "different " + what + ": " + names, hint);
        }
    }

    private void outOfReach(MemberSeen member) {
        refusals.add(new Refusal(
                member.node().id(),
                "its host " + member.node().host().name()
                        + " does not answer, and no primary was seen: it may be there ("
                        + member.hostTrouble() + ")",
                "make the host answer, or see holdfast failover --help",
                Exit.UNREACHABLE));
    }

    private void noLeader(PostgresSeen seen) {
        List<MemberSeen> were =
                seen.members().stream().filter(MemberSeen::wasPrimary).toList();
        if (were.size() > 1) {
            refuse(
                    cluster.name(),
                    "several members were primary when they stopped: "
                            + told(were, m -> m.name() + " on timeline " + m.timeline()),
                    "start the right one with holdfast failover " + cluster.name() + " --to NAME");
        } else {
            refuse(
                    cluster.name(),
                    "no member is or was primary, but "
                            + told(
                                    seen.members().stream()
                                            .filter(MemberSeen::hasDatabase)
                                            .toList(),
                                    MemberSeen::name)
                            + " hold its data; a new cluster is not made beside them",
                    "promote one with holdfast failover " + cluster.name());
        }
    }

    /** A stopped primary must not be started when another member has come further than its timeline. */
    private void behind(PostgresSeen seen, MemberSeen leader) {
        if (!leader.isDown() || !leader.hasDatabase()) {
            return;
        }
        seen.others()
                .filter(m -> m.hasDatabase() && m.timeline() > leader.timeline())
                .forEach(m -> refuse(
                        leader.node().id(),
                        "it was primary on timeline " + leader.timeline() + ", but " + m.name() + " is on timeline "
                                + m.timeline() + ": somebody was promoted since",
                        "start that primary first; this one comes back with holdfast rejoin "
                                + leader.node().id()));
    }

    /** A fenced primary is never started as a primary; what fenced it is gone through to its end instead. */
    private void fenced(MemberSeen leader) {
        leader.disk()
                .fence()
                .filter(f -> !leader.isUp() && !f.isRestore())
                .ifPresent(f -> refuse(
                        leader.node().id(),
                        "it is not started as primary: " + f.told() + ", and nobody is primary yet",
                        "go on with holdfast " + (f.isSwitchover() ? "switchover " : "failover ") + cluster.name()));
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
        programs(seen, member);
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

    private void programs(PostgresSeen seen, MemberSeen member) {
        String where = member.node().id();
        String looked = cluster.binaries().isEmpty() ? "PATH and /usr/lib/postgresql" : cluster.binaries();
        int major = seen.major();
        Set<Integer> found = member.host().programs().keySet();
        if (found.isEmpty()) {
            refuse(
                    where,
                    "no PostgreSQL server programs in " + looked + " on "
                            + member.node().host().name(),
                    "install them (Debian: apt-get install postgresql), or name their folder with binaries:");
        } else if (!found.contains(major)) {
            refuse(
                    where,
                    "PostgreSQL " + found + " in " + looked + " on "
                            + member.node().host().name() + ", but the cluster needs "
                            + (major == 0 ? "a version that all members have" : Integer.toString(major)),
                    "install that version there, or name its folder with binaries:");
        } else if (major < OLDEST || major > NEWEST) {
            refuse(
                    where,
                    "PostgreSQL " + member.host().versions().get(major) + " in "
                            + member.host().programs().get(major) + ", supported are " + OLDEST + " to " + NEWEST,
                    "install a supported version, or name its folder with binaries:");
        }
        if (member.footing().programs().getOrDefault("flock", "").isEmpty()) {
            refuse(where, "there is no flock on the host", "install util-linux");
        }
        if (Repository.of(cluster).isPresent()
                && member.footing().programs().getOrDefault("pgbackrest", "").isEmpty()) {
            refuse(
                    where,
                    "backups are declared, and there is no pgbackrest on "
                            + member.node().host().name(),
                    "install it (Debian: apt-get install pgbackrest)");
        }
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
        Map<String, String> programs = proxy.footing().programs();
        if (proxy.proxy().isPooler()) {
            pooler(proxy, programs);
            return;
        }
        if (proxy.version().isEmpty()) {
            refuse(
                    where,
                    "no haproxy on " + proxy.node().host().name(),
                    "install it (Debian: apt-get install haproxy)");
        }
        if (programs.getOrDefault("socat", "").isEmpty()
                && programs.getOrDefault("perl", "").isEmpty()) {
            refuse(where, "neither socat nor perl to speak to HAProxy's socket", "install socat");
        }
        if (proxy.node().run().length() > LONGEST_SOCKET) {
            refuse(where, proxy.node().run() + " is too long for a socket's path", "choose a shorter directory:");
        }
    }

    private void repository(RepositoryServerSeen server) {
        if (server.isOutOfReach()) {
            return;
        }
        String where = server.node().id();
        ground(where, server.node(), server.footing());
        for (String program : List.of("pgbackrest", "openssl")) {
            if (server.footing().programs().getOrDefault(program, "").isEmpty()) {
                refuse(
                        where,
                        "the repository is on another machine, and there is no " + program + " on "
                                + server.node().host().name(),
                        "install it (Debian: apt-get install " + program + ")");
            }
        }
    }

    private void pooler(ProxySeen pooler, Map<String, String> programs) {
        String where = pooler.node().id();
        String host = pooler.node().host().name();
        if (pooler.version().isEmpty()) {
            refuse(where, "no pgbouncer on " + host, "install it (Debian: apt-get install pgbouncer)");
        }
        if (programs.getOrDefault("psql", "").isEmpty()) {
            refuse(
                    where,
                    "no psql on " + host + " to speak to PgBouncer's console",
                    "install it (Debian: apt-get install postgresql-client)");
        }
    }

    private static String told(List<MemberSeen> members, java.util.function.Function<MemberSeen, String> how) {
        return members.stream().map(how).collect(Collectors.joining(", "));
    }
}
