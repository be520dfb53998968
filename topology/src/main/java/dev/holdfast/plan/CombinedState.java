package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The observed states of two runbooks that are executed as one runbook, one after the other. */
public record CombinedState<A extends ClusterState, B extends ClusterState>(A first, B second) implements ClusterState {

    /** Returns a runbook with the stages of the first and then the second, which must not change what the first observes. */
    public static <A extends ClusterState, B extends ClusterState> Runbook<CombinedState<A, B>> of(
            Runbook<A> first, Runbook<B> second) {
        List<Stage<CombinedState<A, B>>> stages = new ArrayList<>();
        first.stages()
                .forEach(a -> stages.add(new Stage<>(
                        a.name(), state -> a.planner().apply(state.first()), Optional.empty(), a.isIndependent())));
        second.stages()
                .forEach(a -> stages.add(new Stage<>(
                        a.name(),
                        state -> a.planner().apply(state.second()),
                        Optional.of((state, context) ->
                                new CombinedState<>(state.first(), second.look().apply(context))),
                        a.isIndependent())));
        return new Runbook<>(first.cluster(), first.title(), context -> look(first, second, context), stages);
    }

    private static <A extends ClusterState, B extends ClusterState> CombinedState<A, B> look(
            Runbook<A> first, Runbook<B> second, ExecutionContext context) {
        List<ClusterState> both = context.sideBySide(
                List.of(() -> first.look().apply(context), () -> second.look().apply(context)));
        return new CombinedState<>(cast(both.get(0)), cast(both.get(1)));
    }

    @SuppressWarnings("unchecked")
    private static <T extends ClusterState> T cast(ClusterState state) {
        return (T) state;
    }

    @Override
    public Instant at() {
        return first.at();
    }

    @Override
    public List<NodeStatus> nodes() {
        return first.nodes();
    }

    @Override
    public List<HealthProblem> findings() {
        return first.findings();
    }
}
