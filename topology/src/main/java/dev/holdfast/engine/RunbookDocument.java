package dev.holdfast.engine;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runbook.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A written runbook: the decision of the real table and the steps of the real stages in a simulated situation. Positions,
 * terms and times in it are examples; the sentences are not.
 *
 * @param title the title, e.g. {@code Switch over social/shard-a}
 * @param occasion when to use the runbook
 * @param command what to type, e.g. {@code switchover social/shard-a}
 * @param table the rows of the decision table, in order; the first that holds decides
 * @param decided the decision in this situation; absent without a decision
 */
public record RunbookDocument(
        String title,
        String occasion,
        String command,
        List<Row> table,
        Optional<Operation.Assessment> decided,
        List<Planned> stages) {

    /**
     * A row of a decision table for display.
     *
     * @param when the condition, in words
     * @param override the code with which {@code --override} skips the row; empty when no override exists
     */
    public record Row(DecisionCode code, String when, Optional<DecisionCode> override) {
        public static List<Row> of(List<? extends DecisionRule<?, ?>> table) {
            return table.stream()
                    .map(r -> new Row(r.code(), r.when(), r.override()))
                    .toList();
        }
    }

    /**
     * The stages of a runbook, each planned from the state expected at its turn.
     *
     * @param state the simulated state, by the name of the stage
     */
    public static <S extends ClusterState> List<Planned> stages(Runbook<S> runbook, Function<String, S> state) {
        List<Planned> stages = new ArrayList<>();
        runbook.stages()
                .forEach(a -> stages.add(
                        new Planned(runbook.cluster(), a.name(), a.planner().apply(state.apply(a.name())))));
        return stages;
    }

    /** Returns the document of an {@code apply}, which has no decision. */
    public static RunbookDocument applied(String title, String occasion, List<Planned> stages) {
        return new RunbookDocument(title, occasion, "apply", List.of(), Optional.empty(), stages);
    }

    /** Returns the document of the creation of a cluster. */
    public static RunbookDocument firstDeployment(String cluster, List<Planned> stages) {
        return applied(
                "Create " + cluster,
                "The hosts exist and are empty. Existing parts are left unchanged: the same command continues from any"
                        + " state.",
                stages);
    }

    /** Returns the document of a role change: decided from the first state, and planned stage by stage. */
    public static <S extends ClusterState> RunbookDocument of(
            String title,
            Operation<S> operation,
            String occasion,
            String command,
            List<Row> table,
            Function<String, S> state) {
        String first = operation.runbook().stages().get(0).name();
        return new RunbookDocument(
                title,
                occasion,
                command,
                table,
                Optional.of(operation.decide().apply(state.apply(first))),
                stages(operation.runbook(), state));
    }
}
