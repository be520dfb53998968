package dev.holdfast.mongodb.replicaset;

import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.value.CompatibilityMatrix;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Differences between the feature compatibility versions of the members, the shards and the config servers. */
final class CompatibilityVersions {

    private CompatibilityVersions() {}

    /** Returns what says that an upgrade can be finished: every server runs a later release than its compatibility version. */
    static Optional<String> unfinished(MongoState state) {
        List<NodeState> members = state.sets().stream()
                .flatMap(s -> s.members().stream())
                .filter(m -> m.answers() && !m.isArbiter())
                .toList();
        Set<String> versions = members.stream().map(m -> of(m).text("version")).collect(Collectors.toSet());
        Set<String> series = members.stream()
                .map(m -> CompatibilityMatrix.series(m.reply().version()))
                .collect(Collectors.toSet());
        boolean isOne = versions.size() == 1 && series.size() == 1;
        if (!isOne
                || !CompatibilityMatrix.isOlder(
                        List.copyOf(versions).get(0), List.copyOf(series).get(0))) {
            return Optional.empty();
        }
        String name = state.cluster().name();
        return Optional.of(name + ": the feature compatibility version is "
                + List.copyOf(versions).get(0) + ", and the servers run "
                + List.copyOf(series).get(0)
                + "; holdfast upgrade " + name + " --finish raises the version");
    }

    static List<Refusal> open(MongoState state) {
        List<Refusal> open = new ArrayList<>();
        Map<String, String> bySet = new LinkedHashMap<>();
        for (ReplicaSetState set : state.sets()) {
            boolean isUsed = !state.shards().contains(set)
                    || !state.sharding().shard(set.name()).isEmpty();
            set.primary()
                    .filter(p -> isUsed && !p.login().isAnonymous())
                    .ifPresent(p -> set(state, set, p, bySet, open));
        }
        if (bySet.values().stream().distinct().count() > 1) {
            open.add(open(
                    state.cluster().name(),
                    "the feature compatibility versions differ: " + bySet,
                    equalizing(state, bySet)));
        }
        return open;
    }

    private static void set(
            MongoState state, ReplicaSetState set, NodeState primary, Map<String, String> bySet, List<Refusal> open) {
        MongoDocument version = of(primary);
        String name = state.lane(set);
        if (version.isEmpty()) {
            open.add(open(
                    name,
                    "the feature compatibility version of the primary could not be read",
                    "make the primary " + "answer, then run holdfast plan"));
            return;
        }
        String target = version.text("targetVersion");
        if (!target.isEmpty()) {
            open.add(open(
                    name,
                    "the change of the feature compatibility version to " + target + " has not ended",
                    isForwarded(state, set)
                            ? command(state, target)
                            : "run on the primary of " + set.name() + ": " + command(target)));
        }
        bySet.put(set.name(), version.text("version"));
        set.members().stream()
                .filter(m -> m != primary && m.isSecondary() && m.isAdmin())
                .filter(m -> !of(m).text("version").equals(version.text("version")))
                .forEach(m -> open.add(open(
                        m.node().id(),
                        "the feature compatibility version is " + (of(m).isEmpty() ? "unknown" : of(m).text("version"))
                                + ", and the primary has " + version.text("version"),
                        "wait until the member has replicated the change; holdfast status shows its lag")));
    }

    /** Whether the command on a router also continues the change of this set: only while the config servers change too. */
    private static boolean isForwarded(MongoState state, ReplicaSetState set) {
        boolean isOpenAtControlSet = state.controlSet()
                .primary()
                .filter(p -> !of(p).text("targetVersion").isEmpty())
                .isPresent();
        return set.name().equals(state.controlSet().name()) || isOpenAtControlSet;
    }

    /** A router forwards the command to the config servers, which do nothing when they have the version already. */
    private static String equalizing(MongoState state, Map<String, String> bySet) {
        String highest = bySet.values().stream()
                .max(Comparator.comparingDouble(CompatibilityVersions::number))
                .orElseThrow();
        List<String> behind = bySet.entrySet().stream()
                .filter(e -> !e.getValue().equals(highest))
                .map(Map.Entry::getKey)
                .toList();
        return behind.contains(state.controlSet().name())
                ? command(state, highest)
                : "run on the primary of " + String.join(" and of ", behind) + ": " + command(highest);
    }

    private static double number(String version) {
        return version.matches("\\d{1,4}\\.\\d{1,4}") ? Double.parseDouble(version) : 0;
    }

    private static MongoDocument of(NodeState server) {
        return server.reply().compatibility();
    }

    private static String command(MongoState state, String version) {
        return "run on " + (state.cluster().isSharded() ? "a router" : "the primary") + ": " + command(version);
    }

    private static String command(String version) {
        return "db.adminCommand({ setFeatureCompatibilityVersion: \"" + version + "\", confirm: true })";
    }

    private static Refusal open(String where, String what, String hint) {
        return new Refusal(where, what, hint, ExitCode.INCOMPLETE);
    }
}
