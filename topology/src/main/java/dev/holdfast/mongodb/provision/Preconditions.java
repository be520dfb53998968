package dev.holdfast.mongodb.provision;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.UndeclaredServerUse;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The act that changes nothing: everything that must hold before anything may be touched. */
final class Preconditions {

    /** Options as storage.bson names them, with their keys in the configuration file. */
    private static final Map<String, String> MADE_WITH = Map.of(
            "directoryPerDB",
            "storage.directoryPerDB",
            "directoryForIndexes",
            "storage.wiredTiger.engineConfig.directoryForIndexes");

    private static final Set<String> SYSTEM_DATABASES = Set.of("admin", "config", "local");

    private Preconditions() {}

    static Plan plan(MongoState state) {
        List<Refusal> refusals = new ArrayList<>();
        state.servers().forEach(n -> {
            host(state, n).ifPresent(refusals::add);
            undeclared(state, n).ifPresent(refusals::add);
            version(state, n).ifPresent(refusals::add);
            madeOtherwise(state, n).ifPresent(refusals::add);
        });
        state.sets().forEach(s -> set(state, s).ifPresent(refusals::add));
        refusals.addAll(UndeclaredServerUse.refusals(state));
        state.sets().forEach(s -> s.members().forEach(n -> moved(s, n).ifPresent(refusals::add)));
        state.shards().forEach(s -> shard(state, s).ifPresent(refusals::add));
        return refusals.isEmpty() ? Plan.missing(unreached(state)) : Plan.refused(refusals);
    }

    /** Servers whose hosts do not answer are left as they are, once the cluster stands. */
    private static List<Refusal> unreached(MongoState state) {
        return state.servers()
                .filter(NodeState::isOutOfReach)
                .map(n -> new Refusal(
                        n.node().id(),
                        n.hostFacts().unknown(n.node())
                                + ", so it is left as it is, and the members of its set and the shards are not compared: "
                                + n.hostFacts().reason(),
                        (n.hostFacts().isUnclear() ? "end the process that is named" : "make the host answer")
                                + ", then holdfast apply; holdfast failover and switchover go on without it",
                        ExitCode.UNREACHABLE))
                .toList();
    }

    /** A member that runs, and that its set knows by another port: no wait makes it answer on the declared one. */
    private static Optional<Refusal> moved(ReplicaSetState set, NodeState server) {
        Node node = server.node();
        if (server.answers() || !server.hostFacts().isUp()) {
            return Optional.empty();
        }
        String address = node.endpoint().substring(0, node.endpoint().lastIndexOf(':') + 1);
        return set.hosts().stream()
                .filter(h -> h.startsWith(address) && !set.desiredHosts().contains(h))
                .filter(h ->
                        set.others().stream().anyMatch(o -> o.node().endpoint().equals(h) && o.answers()))
                .findFirst()
                .map(h -> new Refusal(
                        node.id(),
                        "it runs on port " + h.substring(address.length()) + ", desired " + node.port()
                                + "; apply does not change the port of a member",
                        set.members().size() == 1
                                ? "declare port: " + h.substring(address.length()) + " again: it is the only member of "
                                        + set.name()
                                : "declare port: " + h.substring(address.length()) + " again; or take the member out"
                                        + " of the topology, run holdfast apply, declare it with port: " + node.port()
                                        + ", and run holdfast apply: the others keep serving"));
    }

    /** What its host says of a server speaks against touching it. */
    private static Optional<Refusal> host(MongoState state, NodeState server) {
        Node node = server.node();
        if (server.isOutOfReach() && !server.hostFacts().isPortTakenByUnknown()) {
            if (state.stands()) {
                return Optional.empty();
            }
            return Optional.of(new Refusal(
                    node.id(),
                    "its host " + node.host().name() + " does not say whether it runs: "
                            + server.hostFacts().reason(),
                    "reach the host again, or take it out of the topology; silence is not death",
                    ExitCode.UNREACHABLE));
        }
        if (!server.files().restoring().isEmpty()) {
            return refuse(
                    node,
                    "a restore to " + server.files().restoring() + " was begun on it and is not done",
                    "run the same holdfast restore again, it goes on where it stopped; or holdfast restore "
                            + node.cluster() + " --undo, which brings the data of before back");
        }
        if (!server.answers() && !server.hostFacts().nameTrouble(node).isEmpty()) {
            return refuse(node, server.hostFacts().nameTrouble(node), HostFacts.NAME_HINT);
        }
        if (server.hostFacts().ground() == DirectoryOwner.FOREIGN) {
            return refuse(
                    node,
                    "its directory " + node.directory() + " holds something that is not this server's",
                    "empty it, or give the server another directory");
        }
        if (server.hostFacts().isPortTakenByUnknown()) {
            String member =
                    server.setName().isEmpty() ? "another process" : "a member of set '" + server.setName() + "'";
            return refuse(
                    node,
                    "port " + node.port() + " of " + node.host().address() + " is taken by " + member
                            + ", and no process of the server itself is found",
                    "end that process, or give the server another port");
        }
        return keyFile(server).or(() -> program(state, server));
    }

    private static Optional<Refusal> keyFile(NodeState server) {
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

    private static Optional<Refusal> program(MongoState state, NodeState server) {
        String program = ServerProcess.program(state.cluster(), server.node().kind());
        boolean missing = server.hostFacts().isDown()
                && server.hostFacts().programs().getOrDefault(program, "").isEmpty();
        return missing
                ? refuse(
                        server.node(),
                        program + " is not found on host "
                                + server.node().host().name(),
                        "run scripts/setup there, put it on PATH, or name its folder as binaries in the topology")
                : Optional.empty();
    }

    /** What answers is not what is declared there. */
    private static Optional<Refusal> undeclared(MongoState state, NodeState server) {
        if (!server.answers()) {
            return Optional.empty();
        }
        String hint = "check address, port and directory in the topology";
        boolean router = server.reply().hello().text("msg").equals("isdbgrid");
        if (router != server.isRouter()) {
            return refuse(server.node(), "a " + (router ? "mongos" : "mongod") + " answers there", hint);
        }
        Optional<ReplicaSetState> set =
                state.sets().stream().filter(s -> s.members().contains(server)).findFirst();
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
                && state.seat().primary().filter(NodeState::isAdmin).isEmpty();
        return server.login().isAnonymous() && !server.isArbiter() && !mayYetLackUsers
                ? refuse(
                        server.node(),
                        "it answers and lets in neither the administrator nor a holder of the key file: "
                                + server.reply().message(),
                        "name the key file of that cluster as <cluster>/keyfile under secrets")
                : Optional.empty();
    }

    private static Optional<Refusal> version(MongoState state, NodeState server) {
        String version =
                server.answers() ? server.reply().version() : state.versions().of(state.cluster(), server.node());
        boolean supported = version.isEmpty() || version.startsWith("7.0.") || version.startsWith("8.");
        return supported
                ? Optional.empty()
                : refuse(
                        server.node(),
                        "its program is of version " + version + "; supported are 7.0 and 8.x",
                        "install a supported version, or name its folder as binaries in the topology");
    }

    /** Options that mongod never changes on data that is there: it would not start again. */
    private static Optional<Refusal> madeOtherwise(MongoState state, NodeState server) {
        if (server.isRouter() || !server.files().hasData()) {
            return Optional.empty();
        }
        Map<String, Object> requested =
                ServerConfiguration.of(state.cluster(), server.node()).all();
        for (Map.Entry<String, String> option : MADE_WITH.entrySet()) {
            boolean desired = Boolean.TRUE.equals(requested.get(option.getValue()));
            if (server.files().made().contains(option.getKey() + "=" + (desired ? "0" : "1"))) {
                return otherCopy(server, option.getValue() + " is " + !desired + " in its data, wanted " + desired);
            }
        }
        Object engine = requested.getOrDefault("storage.engine", "wiredTiger");
        return engine.equals("wiredTiger")
                ? Optional.empty()
                : otherCopy(server, "storage.engine is wiredTiger in its data, wanted " + engine);
    }

    private static Optional<Refusal> otherCopy(NodeState server, String what) {
        return refuse(
                server.node(),
                what + ", which cannot be changed on data that is there: it would not start again",
                "take the setting out of the file again; such a change needs a new copy of the data, a new cluster with the"
                        + " setting that the data is moved to");
    }

    private static Optional<Refusal> set(MongoState state, ReplicaSetState set) {
        boolean all = set.members().stream().allMatch(NodeState::answers);
        boolean knowsNone = set.members().stream()
                .noneMatch(m -> set.hosts().contains(m.node().endpoint()));
        if (all && knowsNone && !set.isUntouched()) {
            return refuse(
                    state,
                    set,
                    "some of its members were in a set before, and none knows of one now",
                    "look at their data; remove the directories of those that hold nothing of worth");
        }
        Optional<Refusal> second = second(state, set);
        if (second.isPresent()) {
            return second;
        }
        for (Member member : set.desired().members()) {
            Optional<MongoDocument> found = set.config().docs("members").stream()
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

    /** A new set would be empty although there is, or was, one with data. */
    private static Optional<Refusal> second(MongoState state, ReplicaSetState set) {
        Optional<NodeState> lost = EmptyMembers.lost(set);
        if (lost.isPresent()) {
            return refuse(
                    lost.get().node(),
                    "its data directory " + lost.get().node().data()
                            + " is empty, but its log says that it was a member" + " of a set, and no member of "
                            + set.name() + " has data",
                    "mount its disk, or bring back a backup by holdfast restore; for a new and empty set, remove "
                            + lost.get().node().directory());
        }
        return set.isInitiated() || !set.isUntouched()
                ? Optional.empty()
                : UndeclaredServerUse.predecessor(state, set)
                        .flatMap(s -> refuse(
                                state,
                                set,
                                "it would be a new and empty set, but "
                                        + s.node().id() + ", which is not declared, has" + " data of " + s.set()
                                        + " in " + s.node().directory(),
                                "declare the set with the members and the name that it has; if its data is not needed,"
                                        + " move that directory away"));
    }

    /** A shard that is not added yet must be empty and nobody else's; one that is must be ours. */
    private static Optional<Refusal> shard(MongoState state, ReplicaSetState set) {
        Optional<MongoDocument> listed = state.sharding().shard(set.name());
        if (listed.isPresent()) {
            String hosts = listed.get().text("host");
            boolean strange = set.desiredHosts().stream().noneMatch(hosts::contains)
                    && set.others().isEmpty();
            return strange
                    ? refuse(
                            state,
                            set,
                            "the cluster knows a shard of that name on " + hosts,
                            "check the hosts in the topology, or give the new shard another name")
                    : Optional.empty();
        }
        String clusterId = set.identity().doc("clusterId").text("$oid");
        if (!clusterId.isEmpty()
                && !state.sharding().clusterId().isEmpty()
                && !clusterId.equals(state.sharding().clusterId())) {
            return refuse(
                    state,
                    set,
                    "it is a shard of another cluster, " + clusterId + "; this one is "
                            + state.sharding().clusterId(),
                    "check the hosts in the topology");
        }
        List<String> databases = set.databases().stream()
                .filter(d -> !SYSTEM_DATABASES.contains(d))
                .toList();
        return databases.isEmpty()
                ? Optional.empty()
                : refuse(
                        state,
                        set,
                        "it is to be added as a shard and holds databases: " + String.join(", ", databases),
                        "only an empty set is added; move or drop them first");
    }

    private static Optional<Refusal> refuse(Node node, String what, String hint) {
        return Optional.of(new Refusal(node.id(), what, hint));
    }

    private static Optional<Refusal> refuse(MongoState state, ReplicaSetState set, String what, String hint) {
        return Optional.of(new Refusal(state.lane(set), what, hint));
    }
}
