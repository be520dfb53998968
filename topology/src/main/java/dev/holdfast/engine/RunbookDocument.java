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
 * A runbook as people read it before the day comes: what the very table decides and the very acts plan on an occasion that
 * is imagined, moment by moment. Positions in a log, terms and times in it are examples; the sentences are not.
 *
 * @param title what it is about, e.g. {@code Switch over social/shard-a}
 * @param occasion when to take it up
 * @param command what to type, e.g. {@code switchover social/shard-a}
 * @param table the rows of the decision table, in order; the first that holds decides
 * @param decided what the table says on this occasion; absent where nothing is to be decided
 */
public record RunbookDocument(
        String title,
        String occasion,
        String command,
        List<Row> table,
        Optional<Operation.Assessment> decided,
        List<Planned> acts) {

    /**
     * A row of a decision table, as people read it.
     *
     * @param when what is seen, in words
     */
    public record Row(DecisionCode code, String when) {
        public static List<Row> of(List<? extends DecisionRule<?, ?>> table) {
            return table.stream().map(r -> new Row(r.code(), r.when())).toList();
        }
    }

    /**
     * The acts of a runbook, each planned from what would be seen when its turn comes.
     *
     * @param state by the name of the act
     */
    public static <S extends ClusterState> List<Planned> acts(Runbook<S> runbook, Function<String, S> state) {
        List<Planned> acts = new ArrayList<>();
        runbook.acts()
                .forEach(a -> acts.add(
                        new Planned(runbook.cluster(), a.name(), a.planner().apply(state.apply(a.name())))));
        return acts;
    }

    /** What {@code apply} does on an occasion: nothing is to be decided. */
    public static RunbookDocument applied(String title, String occasion, List<Planned> acts) {
        return new RunbookDocument(title, occasion, "apply", List.of(), Optional.empty(), acts);
    }

    /** A cluster is made. */
    public static RunbookDocument birth(String cluster, List<Planned> acts) {
        return applied(
                "Make " + cluster + " from nothing",
                "The hosts are there and empty. What is there already is left as it is: the same command goes on from any"
                        + " state.",
                acts);
    }

    /** A change of roles: decided from what is seen first, and planned act by act. */
    public static <S extends ClusterState> RunbookDocument of(
            String title,
            Operation<S> operation,
            String occasion,
            String command,
            List<Row> table,
            Function<String, S> state) {
        String first = operation.book().acts().get(0).name();
        return new RunbookDocument(
                title,
                occasion,
                command,
                table,
                Optional.of(operation.decide().apply(state.apply(first))),
                acts(operation.book(), state));
    }
}
