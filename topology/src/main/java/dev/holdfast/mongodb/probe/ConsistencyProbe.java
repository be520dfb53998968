package dev.holdfast.mongodb.probe;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.Script;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The probe of a MongoDB cluster and of the agreement between the metadata of its shards ({@code checkMetadataConsistency}).
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
        return new ConsistencyProbe(state, metadata(context, state));
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
                router.get().node(), state.credentials().admin(), "admin", script, Access.LOOK, DEADLINE));
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
}
