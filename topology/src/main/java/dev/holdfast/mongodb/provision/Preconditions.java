package dev.holdfast.mongodb.provision;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.value.MongoVersions;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The first stage of apply for a MongoDB cluster: it changes nothing and refuses what would damage existing servers or data. */
final class Preconditions {

    /** Options by their names in storage.bson, with their keys in the configuration file. */
    private static final Map<String, String> MADE_WITH = Map.of(
            "directoryPerDB",
            "storage.directoryPerDB",
            "directoryForIndexes",
            "storage.wiredTiger.engineConfig.directoryForIndexes");

    private Preconditions() {}

    static Plan plan(MongoState state) {
        List<Refusal> refusals = state.servers()
                .flatMap(n -> n.hostFacts().occupied(n.node()).stream())
                .collect(Collectors.toCollection(ArrayList::new));
        if (!refusals.isEmpty()) {
            return Plan.refused(
                    refusals); // what else such a plan could say is about servers of another name or directory
        }
        state.servers().forEach(n -> {
            host(state, n).ifPresent(refusals::add);
            undeclared(state, n).ifPresent(refusals::add);
            version(state, n).ifPresent(refusals::add);
            madeOtherwise(state, n).ifPresent(refusals::add);
        });
        state.sets().forEach(s -> ReplicaSetPreconditions.set(state, s).ifPresent(refusals::add));
        refusals.addAll(CompatibilityPreconditions.plan(state));
        refusals.addAll(state.undeclaredUse().refusals());
        state.sets().forEach(s -> s.members().forEach(n -> moved(s, n).ifPresent(refusals::add)));
        state.shards().forEach(s -> ReplicaSetPreconditions.shard(state, s).ifPresent(refusals::add));
        return refusals.isEmpty() ? Plan.missing(unreached(state)) : Plan.refused(refusals);
    }

    /** In a cluster that exists, servers whose hosts do not answer stay unchanged. */
    private static List<Refusal> unreached(MongoState state) {
        return state.servers()
                .filter(NodeState::isOutOfReach)
                .map(n -> new Refusal(
                        n.node().id(),
                        n.hostFacts().unknown(n.node())
                                + ", so Holdfast leaves it unchanged, and compares neither the members of its replica "
                                + "set nor the shards: "
                                + n.hostFacts().reason(),
                        (n.hostFacts().isUnclear() ? "end that process" : "make the host answer")
                                + ", then holdfast apply; failover and switchover do not need this",
                        ExitCode.UNREACHABLE))
                .toList();
    }

    /** Refuses a running member that listens elsewhere: waiting cannot make it answer on the declared address and port. */
    private static Optional<Refusal> moved(ReplicaSetState set, NodeState server) {
        return server.otherEndpoint().map(e -> moved(set, server.node(), e));
    }

    private static Refusal moved(ReplicaSetState set, Node node, String endpoint) {
        String address = endpoint.substring(0, endpoint.lastIndexOf(':'));
        String port = endpoint.substring(endpoint.lastIndexOf(':') + 1);
        boolean isPort = address.equals(node.host().address());
        String former = isPort
                ? "declare port: " + port + " again"
                : "declare address: " + address + " of host " + node.host().name() + " again";
        String desired = isPort ? "port: " + node.port() : "the new address";
        return new Refusal(
                node.id(),
                isPort
                        ? "the member runs on port " + port + ", desired " + node.port()
                                + "; apply cannot change the port of a member"
                        : "the member listens on address " + address + ", desired "
                                + node.host().address() + "; apply cannot change the address of a member",
                set.members().size() == 1
                        ? former + ": this is the only member of " + set.name()
                        : former + "; or remove the member from the topology, run holdfast apply, declare the member "
                                + "with " + desired
                                + ", and run holdfast apply again: the other members continue meanwhile");
    }

    /** Refuses a server whose host reports facts that forbid a change. */
    private static Optional<Refusal> host(MongoState state, NodeState server) {
        Node node = server.node();
        if (server.isOutOfReach() && !server.hostFacts().isPortTakenByUnknown()) {
            if (state.stands()) {
                return Optional.empty();
            }
            return Optional.of(new Refusal(
                    node.id(),
                    "the host " + node.host().name() + " does not report whether the server runs: "
                            + server.hostFacts().reason(),
                    "make the host answer, or remove the server from the topology; a server that does not answer can still run",
                    ExitCode.UNREACHABLE));
        }
        if (!server.files().restoring().isEmpty()) {
            return refuse(
                    node,
                    "a restore to " + server.files().restoring() + " was begun on this server and has not ended",
                    "run the same holdfast restore again, which continues the restore; or run holdfast restore "
                            + node.cluster() + " --undo, which returns to the data from before the restore");
        }
        if (!server.answers() && !server.hostFacts().nameTrouble(node).isEmpty()) {
            return refuse(node, server.hostFacts().nameTrouble(node), HostFacts.NAME_HINT);
        }
        if (server.hostFacts().directoryOwner() == DirectoryOwner.FOREIGN) {
            return refuse(
                    node,
                    "the directory " + node.directory() + " contains files of another owner",
                    "empty the directory, or declare another directory for the server");
        }
        if (server.hostFacts().isPortTakenByUnknown()) {
            String member =
                    server.setName().isEmpty() ? "another process" : "a member of set '" + server.setName() + "'";
            return refuse(
                    node,
                    "port " + node.port() + " of " + node.host().address() + " is used by " + member
                            + ", and the server's own process is not found",
                    "end that process, or declare another port for the server");
        }
        return keyFile(server).or(() -> program(state, server));
    }

    private static Optional<Refusal> keyFile(NodeState server) {
        String file = server.node().directory() + "/keyfile";
        if (server.files().keyfile().equals("other")) {
            return refuse(
                    server.node(),
                    "the key file " + file + " is not the one of this cluster",
                    "name the cluster's key file as <cluster>/keyfile under secrets, or remove that file");
        }
        if (server.files().keyfile().equals("unknown")
                && server.hostFacts().isDown()
                && server.hostFacts().directoryOwner() == DirectoryOwner.OURS) {
            return refuse(
                    server.node(),
                    "the key file " + file + " was not compared: the file cannot be read, or its content, the secret"
                            + " <cluster>/keyfile, is not known on this machine",
                    "run on the machine where the estate was applied, or restore its secrets here; then holdfast apply");
        }
        boolean open = !Set.of("600", "400", "").contains(server.files().mode());
        return open
                ? refuse(
                        server.node(),
                        "the key file " + file + " has mode " + server.files().mode() + ", desired 600",
                        "other users can have read the key; set mode 600, or create a new key file for the whole cluster")
                : Optional.empty();
    }

    private static Optional<Refusal> program(MongoState state, NodeState server) {
        String program = ServerProcess.program(state.cluster(), server.node());
        boolean isToStart = server.hostFacts().isDown()
                || server.hostFacts().isUp()
                        && !state.cluster().binaries(server.node().host()).isEmpty();
        boolean missing = isToStart
                && server.hostFacts().programs().getOrDefault(program, "").isEmpty();
        return missing
                ? refuse(
                        server.node(),
                        program + " is not found on host "
                                + server.node().host().name(),
                        "run scripts/setup there, add the program to PATH, or declare its directory as binaries in the topology")
                : Optional.empty();
    }

    /** Refuses a server that answers and is not the declared one. */
    private static Optional<Refusal> undeclared(MongoState state, NodeState server) {
        if (!server.answers()) {
            return Optional.empty();
        }
        String hint = "check address, port and directory in the topology";
        boolean router = server.reply().hello().text("msg").equals("isdbgrid");
        if (router != server.isRouter()) {
            return refuse(
                    server.node(), "a " + (router ? "mongos" : "mongod") + " answers on the declared address", hint);
        }
        Optional<ReplicaSetState> set =
                state.sets().stream().filter(s -> s.members().contains(server)).findFirst();
        if (set.isPresent()
                && !server.setName().isEmpty()
                && !server.setName().equals(set.get().name())) {
            return refuse(
                    server.node(),
                    "the server is a member of set '" + server.setName() + "', desired '"
                            + set.get().name() + "'",
                    hint);
        }
        boolean mayYetLackUsers = server.isRouter()
                && state.controlSet().primary().filter(NodeState::isAdmin).isEmpty();
        return server.login().isAnonymous() && !server.isArbiter() && !mayYetLackUsers
                ? withoutLogin(server)
                : Optional.empty();
    }

    private static Optional<Refusal> withoutLogin(NodeState server) {
        ActionResult answer =
                ActionResult.refused(ActionResult.NO_SECRET, server.reply().message());
        return refuse(
                server.node(),
                "the server answers, and both logins fail, as administrator and with the key file: " + answer.reason(),
                answer.hint().isEmpty()
                        ? "name the key file of that cluster as <cluster>/keyfile under secrets"
                        : answer.hint());
    }

    private static Optional<Refusal> version(MongoState state, NodeState server) {
        String version =
                server.answers() ? server.reply().version() : state.versions().of(state.cluster(), server.node());
        boolean supported = version.isEmpty() || MongoVersions.ALL.supports(version);
        return supported
                ? undeclaredVersion(state, server)
                : refuse(
                        server.node(),
                        "the program has version " + version + "; Holdfast supports 7.0 and 8.x",
                        "install a supported version, or declare its directory as binaries in the topology");
    }

    /** Refuses a program that a start would take, and whose version is not the declared one. Unknown is not the declared one. */
    private static Optional<Refusal> undeclaredVersion(MongoState state, NodeState server) {
        DeclaredVersion declared = state.cluster().version();
        String program = ServerProcess.program(state.cluster(), server.node());
        String path = server.hostFacts().programs().getOrDefault(program, "");
        boolean runsDeclared =
                server.hostFacts().isUp() && server.files().program().isEmpty();
        String version = runsDeclared ? server.reply().version() : CompatibilityPreconditions.desired(state, server);
        boolean isUnknown = version.isEmpty();
        boolean isCompared = declared.isDeclared() && !server.isOutOfReach() && !path.isEmpty();
        if (!isCompared || isUnknown && runsDeclared || !isUnknown && declared.accepts(version)) {
            return Optional.empty();
        }
        String where = path + " on " + server.node().host().name();
        return refuse(
                server.node(),
                isUnknown
                        ? where + " does not report its version, and the declared version is " + declared.text()
                        : "MongoDB " + version + " in " + where + " is not the declared version " + declared.text(),
                "install MongoDB " + declared.text() + " there, name its directory with binaries:, or declare the"
                        + " installed version");
    }

    /** Refuses options that mongod cannot change on existing data. */
    private static Optional<Refusal> madeOtherwise(MongoState state, NodeState server) {
        if (server.isRouter() || !server.files().hasData()) {
            return Optional.empty();
        }
        Map<String, Object> requested =
                ServerConfiguration.of(state.cluster(), server.node()).all();
        for (Map.Entry<String, String> option : MADE_WITH.entrySet()) {
            boolean desired = Boolean.TRUE.equals(requested.get(option.getValue()));
            if (server.files().made().contains(option.getKey() + "=" + (desired ? "0" : "1"))) {
                return otherCopy(
                        server, option.getValue() + " is " + !desired + " in the existing data, desired " + desired);
            }
        }
        Object engine = requested.getOrDefault("storage.engine", "wiredTiger");
        return engine.equals("wiredTiger")
                ? Optional.empty()
                : otherCopy(server, "storage.engine is wiredTiger in the existing data, desired " + engine);
    }

    private static Optional<Refusal> otherCopy(NodeState server, String what) {
        return refuse(
                server.node(),
                what + "; mongod would not start, because this option cannot change",
                "remove the setting from the topology; to change it, create a new cluster with the setting and move the "
                        + "data there");
    }

    private static Optional<Refusal> refuse(Node node, String what, String hint) {
        return Optional.of(new Refusal(node.id(), what, hint));
    }
}
