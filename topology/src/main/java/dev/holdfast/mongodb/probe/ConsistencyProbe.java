package dev.holdfast.mongodb.probe;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.Script;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One observation of a cluster and of the agreement between its shards: their metadata
 * ({@code checkMetadataConsistency}) and their feature compatibility versions.
 *
 * @param found sentences about disagreements, or about the reason why the check failed
 */
public record ConsistencyProbe(MongoState observed, List<String> found) implements ExtendedClusterState {

    /** The deadline, long enough for a cluster with many collections. */
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** The error of servers before 7.0, which do not have the command. */
    private static final String NO_SUCH_COMMAND = "59";

    private static final int SHOWN = 3;

    public static ClusterState look(ExecutionContext context, MongoState state) {
        List<Supplier<List<String>>> asks =
                List.of(() -> metadata(context, state), () -> compatibility(context, state));
        List<String> found = new ArrayList<>();
        context.sideBySide(asks).forEach(found::addAll);
        return new ConsistencyProbe(state, List.copyOf(found));
    }

    @Override
    public List<HealthProblem> findings() {
        List<HealthProblem> all = new ArrayList<>(observed.findings());
        found.forEach(f -> all.add(HealthProblem.minor(f)));
        return List.copyOf(all);
    }

    private static List<String> metadata(ExecutionContext context, MongoState state) {
        Optional<NodeState> router =
                state.routers().stream().filter(NodeState::answers).findFirst();
        // The command fails without a primary of each set, and waits while a set lacks a majority of its data members.
        // Other findings already name both.
        boolean canBeAsked = state.cluster().isSharded()
                && state.sets().stream()
                        .allMatch(s -> s.primary().isPresent()
                                && MemberHealth.lacking(s).isEmpty());
        if (router.isEmpty() || !canBeAsked) {
            return List.of();
        }
        Script script = Script.of("mongodb/consistency.json");
        ActionResult answer = context.ask(new RunDocumentCommand(
                router.get().node(), state.logins().admin(), "admin", script, Access.LOOK, DEADLINE));
        String name = state.cluster().name();
        if (answer.isRefused(NO_SUCH_COMMAND)) {
            return List.of();
        }
        if (!answer.isOk()) {
            return List.of(name + ": its metadata could not be checked: " + answer.sentence());
        }
        List<MongoDocument> wrong = MongoDocument.of(answer.row()).batch();
        List<String> sentences = new ArrayList<>(wrong.stream()
                .limit(SHOWN)
                .map(d -> name + ": inconsistent metadata, " + d.text("type") + ": " + d.text("description"))
                .toList());
        if (wrong.size() > SHOWN) {
            sentences.add(name + ": at least " + (wrong.size() - SHOWN)
                    + " more cases of inconsistent metadata; checkMetadataConsistency lists them");
        }
        return sentences;
    }

    private static List<String> compatibility(ExecutionContext context, MongoState state) {
        List<NodeState> primaries = state.sets().stream()
                .flatMap(s -> s.primary().stream())
                .filter(p -> !p.login().isAnonymous())
                .toList();
        List<MongoDocument> answers = context.sideBySide(primaries.stream()
                .<Supplier<MongoDocument>>map(p -> () -> ServerQueries.compatibility(context, p.node(), p.login()))
                .toList());
        List<String> sentences = new ArrayList<>();
        Map<String, String> bySet = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            MongoDocument version = answers.get(i);
            String set = state.cluster().name() + "/" + primaries.get(i).node().group();
            if (version.has("targetVersion")) {
                sentences.add(set + ": the change of its feature compatibility version to "
                        + version.text("targetVersion") + " has not ended; run setFeatureCompatibilityVersion again");
            }
            if (version.isEmpty()) {
                sentences.add(set + ": its feature compatibility version could not be read");
            } else {
                bySet.put(primaries.get(i).node().group(), version.text("version"));
            }
        }
        if (bySet.values().stream().distinct().count() > 1) {
            sentences.add(state.cluster().name() + ": the feature compatibility versions differ: " + bySet);
        }
        return sentences;
    }
}
