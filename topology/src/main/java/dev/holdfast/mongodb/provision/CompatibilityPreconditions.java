package dev.holdfast.mongodb.provision;

import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.state.HostFiles.OtherProgram;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.value.CompatibilityMatrix;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The part of {@link Preconditions} about another program: refusals of a mongod or mongos that could not start with the
 * feature compatibility version that its members have now. Nothing is stopped then.
 */
final class CompatibilityPreconditions {

    private CompatibilityPreconditions() {}

    /** Returns one refusal per replica set and program; every member is asked, because members and shards can differ. */
    static List<Refusal> plan(MongoState state) {
        Map<String, Refusal> byPlace = new LinkedHashMap<>();
        state.servers()
                .filter(n -> n.hostFacts().isDown()
                        || n.otherProgram(state.cluster()).isPresent())
                .forEach(n -> refusal(state, n).ifPresent(r -> byPlace.putIfAbsent(r.where() + r.what(), r)));
        return List.copyOf(byPlace.values());
    }

    /** Returns the version of the program that a start of the server would take; empty if unknown. */
    static String desired(MongoState state, NodeState server) {
        Optional<OtherProgram> other = server.files().program();
        return server.hostFacts().isUp() && other.isPresent()
                ? other.get().version()
                : state.versions().of(state.cluster(), server.node());
    }

    private static Optional<Refusal> refusal(MongoState state, NodeState server) {
        String version = desired(state, server);
        String program = ServerProcess.program(state.cluster(), server.node());
        if (server.hostFacts().isUp() && version.isEmpty()) {
            return Optional.of(new Refusal(
                    server.node().id(),
                    program + " on host " + server.node().host().name() + " does not report its version",
                    "run " + program + " --version there and solve what it reports, or declare other binaries"));
        }
        List<ReplicaSetState> sets = server.isRouter()
                ? state.sets()
                : state.sets().stream()
                        .filter(s -> s.members().contains(server))
                        .toList();
        for (ReplicaSetState set : sets) {
            Optional<Refusal> refusal = refusal(state, server, set, version);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refusal(MongoState state, NodeState server, ReplicaSetState set, String version) {
        String program = server.isRouter() ? "mongos" : "mongod";
        for (String found : found(set)) {
            if (found.contains("->") && server.hostFacts().isUp()) {
                return Optional.of(new Refusal(
                        state.lane(set),
                        "the feature compatibility version changes (" + found + "), and " + program + " "
                                + "must not be replaced meanwhile",
                        "end that change first: holdfast plan names the command"));
            }
            if (!found.contains("->") && !CompatibilityMatrix.accepts(version, found)) {
                return Optional.of(new Refusal(
                        state.lane(set),
                        program + " " + version + " does not start with the feature compatibility version " + found
                                + "; accepted: "
                                + String.join(", ", CompatibilityMatrix.accepted(version)),
                        hint(state, set, version, found)));
            }
        }
        return Optional.empty();
    }

    /** Returns the versions that members of a set report, without repetition. */
    private static List<String> found(ReplicaSetState set) {
        TreeSet<String> found = set.members().stream()
                .map(m -> m.reply().compatibilityText())
                .filter(v -> !v.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        return new ArrayList<>(found);
    }

    private static String hint(MongoState state, ReplicaSetState set, String version, String found) {
        String name = state.cluster().name();
        if (CompatibilityMatrix.isOlder(version, found)) {
            return "declare binaries of " + found + " or later; only a restore of an older backup returns to "
                    + CompatibilityMatrix.series(version);
        }
        String series = set.members().stream()
                .map(m -> CompatibilityMatrix.series(m.reply().version()))
                .filter(s -> !s.isEmpty())
                .findFirst()
                .orElse(found);
        return CompatibilityMatrix.accepts(version, series) && CompatibilityMatrix.isOlder(found, series)
                ? "declare the former binaries, run holdfast upgrade " + name + " --finish, then upgrade to " + version
                : "upgrade one release after another: declare binaries of the release that follows " + found + " first";
    }
}
