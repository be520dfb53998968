package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The act that changes nothing: everything that must hold before anything may be touched. */
final class Preflight {

    private static final Set<String> SYSTEM_DATABASES = Set.of("admin", "config", "local");

    private Preflight() {}

    static Plan plan(MongoSeen seen) {
        List<Refusal> refusals = new ArrayList<>();
        seen.servers().forEach(n -> {
            host(seen, n).ifPresent(refusals::add);
            stranger(seen, n).ifPresent(refusals::add);
            version(seen, n).ifPresent(refusals::add);
        });
        seen.sets().forEach(s -> set(seen, s).ifPresent(refusals::add));
        seen.shards().forEach(s -> shard(seen, s).ifPresent(refusals::add));
        return refusals.isEmpty() ? Plan.missing(unreached(seen)) : Plan.refused(refusals);
    }

    /** Servers whose hosts do not answer are left as they are, once the cluster stands. */
    private static List<Refusal> unreached(MongoSeen seen) {
        return seen.servers()
                .filter(NodeSeen::isOutOfReach)
                .map(n -> new Refusal(
                        n.node().id(),
                        "its host " + n.node().host().name() + " does not answer, so it is left as it is, and members,"
                                + " users, shards and settings are not compared: "
                                + n.footing().told(),
                        "make the host answer, then apply again; holdfast failover and switchover go on without it",
                        Exit.UNREACHABLE))
                .toList();
    }

    /** What its host says of a server speaks against touching it. */
    private static Optional<Refusal> host(MongoSeen seen, NodeSeen server) {
        Node node = server.node();
        if (server.isOutOfReach()) {
            if (seen.stands()) {
                return Optional.empty();
            }
            return Optional.of(new Refusal(
                    node.id(),
                    "its host " + node.host().name() + " does not say whether it runs: "
                            + server.footing().told(),
                    "reach the host again, or take it out of the topology; silence is not death",
                    Exit.UNREACHABLE));
        }
        if (!server.files().restoring().isEmpty()) {
            return refuse(
                    node,
                    "a restore to " + server.files().restoring() + " was begun on it and is not done",
                    "run the same holdfast restore again; it goes on where it stopped");
        }
        if (server.footing().ground() == Ground.FOREIGN) {
            return refuse(
                    node,
                    "its directory " + node.directory() + " holds something that is not this server's",
                    "empty it, or give the server another directory");
        }
        if (server.footing().isDown()
                && server.footing().portTaken()
                && !server.files().dying()) {
            String who = server.setName().isEmpty() ? "another process" : "a member of set '" + server.setName() + "'";
            return refuse(
                    node,
                    "port " + node.port() + " of " + node.host().address() + " is taken by " + who
                            + " while the server itself does not run",
                    "end that process, or give the server another port");
        }
        return keyFile(server).or(() -> program(seen, server));
    }

    private static Optional<Refusal> keyFile(NodeSeen server) {
        String file = server.node().directory() + "/keyfile";
        if (server.files().keyfile().equals("other")) {
            return refuse(
                    server.node(),
                    "its key file " + file + " is not the one of this cluster",
                    "name the right one as <cluster>/keyfile under secrets, or remove that file");
        }
        boolean open = !Set.of("600", "400", "").contains(server.files().mode());
        return open
                ? refuse(
                        server.node(),
                        "its key file " + file + " has mode " + server.files().mode() + ", wanted 600",
                        "others may have read it; chmod 600 it, or make a new one for the whole cluster")
                : Optional.empty();
    }

    private static Optional<Refusal> program(MongoSeen seen, NodeSeen server) {
        String program = MongoServer.program(seen.cluster(), server.node().kind());
        boolean missing = server.footing().isDown()
                && server.footing().programs().getOrDefault(program, "").isEmpty();
        return missing
                ? refuse(
                        server.node(),
                        program + " is not found on host "
                                + server.node().host().name(),
                        "run scripts/setup there, put it on PATH, or name its folder as binaries in the topology")
                : Optional.empty();
    }

    /** What answers is not what is declared there. */
    private static Optional<Refusal> stranger(MongoSeen seen, NodeSeen server) {
        if (!server.answers()) {
            return Optional.empty();
        }
        String hint = "check address, port and directory in the topology";
        boolean router = server.heard().hello().text("msg").equals("isdbgrid");
        if (router != server.isRouter()) {
            return refuse(server.node(), "a " + (router ? "mongos" : "mongod") + " answers there", hint);
        }
        Optional<SetSeen> set =
                seen.sets().stream().filter(s -> s.members().contains(server)).findFirst();
        if (set.isPresent()
                && !server.setName().isEmpty()
                && !server.setName().equals(set.get().name())) {
            return refuse(
                    server.node(),
                    "it is a member of set '" + server.setName() + "', wanted '"
                            + set.get().name() + "'",
                    hint);
        }
        boolean mayYetLackUsers = server.isRouter()
                && seen.seat().primary().filter(NodeSeen::isAdmin).isEmpty();
        return server.login().isNobody() && !server.isArbiter() && !mayYetLackUsers
                ? refuse(
                        server.node(),
                        "it answers and lets in neither the administrator nor a holder of the key file: "
                                + server.heard().told(),
                        "name the key file of that cluster as <cluster>/keyfile under secrets")
                : Optional.empty();
    }

    private static Optional<Refusal> version(MongoSeen seen, NodeSeen server) {
        String version =
                server.answers() ? server.heard().version() : seen.versions().of(seen.cluster(), server.node());
        boolean supported = version.isEmpty() || version.startsWith("7.0.") || version.startsWith("8.");
        return supported
                ? Optional.empty()
                : refuse(
                        server.node(),
                        "its program is of version " + version + "; supported are 7.0 and 8.x",
                        "install a supported version, or name its folder as binaries in the topology");
    }

    private static Optional<Refusal> set(MongoSeen seen, SetSeen set) {
        boolean all = set.members().stream().allMatch(NodeSeen::answers);
        if (all && !set.isInitiated() && !set.isUntouched()) {
            return refuse(
                    seen,
                    set,
                    "some of its members were in a set before, and none knows of one now",
                    "look at their data; remove the directories of those that hold nothing of worth");
        }
        for (Member member : set.wanted().members()) {
            Optional<Doc> found = set.config().docs("members").stream()
                    .filter(m -> m.text("host").equals(member.node().endpoint()))
                    .filter(m -> m.is("arbiterOnly") != member.arbiter())
                    .findFirst();
            if (found.isPresent()) {
                return refuse(
                        member.node(),
                        "it is " + (member.arbiter() ? "a member with data" : "an arbiter") + " and declared as "
                                + (member.arbiter() ? "an arbiter" : "a member with data"),
                        "that cannot be changed in place: declare it on another host or port");
            }
        }
        return Optional.empty();
    }

    /** A shard that is not added yet must be empty and nobody else's; one that is must be ours. */
    private static Optional<Refusal> shard(MongoSeen seen, SetSeen set) {
        Optional<Doc> listed = seen.sharding().shard(set.name());
        if (listed.isPresent()) {
            String hosts = listed.get().text("host");
            boolean strange = set.wantedHosts().stream().noneMatch(hosts::contains)
                    && set.others().isEmpty();
            return strange
                    ? refuse(
                            seen,
                            set,
                            "the cluster knows a shard of that name on " + hosts,
                            "check the hosts in the topology, or give the new shard another name")
                    : Optional.empty();
        }
        String clusterId = set.identity().doc("clusterId").text("$oid");
        if (!clusterId.isEmpty()
                && !seen.sharding().clusterId().isEmpty()
                && !clusterId.equals(seen.sharding().clusterId())) {
            return refuse(
                    seen,
                    set,
                    "it is a shard of another cluster, " + clusterId + "; this one is "
                            + seen.sharding().clusterId(),
                    "check the hosts in the topology");
        }
        List<String> databases = set.databases().stream()
                .filter(d -> !SYSTEM_DATABASES.contains(d))
                .toList();
        return databases.isEmpty()
                ? Optional.empty()
                : refuse(
                        seen,
                        set,
                        "it is to be added as a shard and holds databases: " + String.join(", ", databases),
                        "only an empty set is added; move or drop them first");
    }

    private static Optional<Refusal> refuse(Node node, String what, String hint) {
        return Optional.of(new Refusal(node.id(), what, hint));
    }

    private static Optional<Refusal> refuse(MongoSeen seen, SetSeen set, String what, String hint) {
        return Optional.of(new Refusal(ReplicaSets.lane(seen, set), what, hint));
    }
}
