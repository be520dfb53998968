package dev.holdfast.mongodb.replicaset;

import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The versions and programs of a cluster's servers, and the differences between them. */
public final class ServerVersions {

    private ServerVersions() {}

    /**
     * Returns the difference between the servers of a cluster: several versions run, or some servers run the declared program and
     * others another one. Empty if all run the same.
     */
    public static Optional<Refusal> mixed(MongoState state) {
        Map<String, List<NodeState>> byVersion = state.servers()
                .filter(n -> !n.reply().version().isEmpty())
                .collect(Collectors.groupingBy(n -> n.reply().version(), TreeMap::new, Collectors.toList()));
        List<NodeState> running =
                state.servers().filter(n -> n.hostFacts().isUp()).toList();
        List<NodeState> other = running.stream()
                .filter(n -> n.otherProgram(state.cluster()).isPresent())
                .toList();
        String hint = other.isEmpty()
                ? "install the same version on every host, or declare binaries, then holdfast apply"
                : "holdfast apply continues the upgrade; or declare the former binaries, then holdfast apply";
        if (byVersion.size() > 1) {
            List<String> versions = new ArrayList<>();
            byVersion.forEach((version, servers) -> versions.add(version + " (" + names(servers) + ")"));
            return Optional.of(open(state, "the servers run several versions: " + String.join(", ", versions), hint));
        }
        return other.isEmpty() || other.size() == running.size()
                ? Optional.empty()
                : Optional.of(open(
                        state,
                        other.size() + " of " + running.size() + " servers run another program than the declared one: "
                                + names(other),
                        hint));
    }

    /** Returns the running servers whose version is not the declared one. */
    static List<Refusal> undeclared(MongoState state) {
        return state.servers()
                .flatMap(n -> n.otherVersion(state.cluster()).stream()
                        .map(w -> new Refusal(
                                n.node().id(),
                                w,
                                "holdfast apply restarts the server with its program",
                                ExitCode.INCOMPLETE)))
                .toList();
    }

    /** Returns the servers by their names within the cluster: shard-a/a1. */
    private static String names(List<NodeState> servers) {
        return servers.stream()
                .map(n -> n.node().id().substring(n.node().id().indexOf('/') + 1))
                .collect(Collectors.joining(", "));
    }

    private static Refusal open(MongoState state, String what, String hint) {
        return new Refusal(state.cluster().name(), what, hint, ExitCode.INCOMPLETE);
    }
}
