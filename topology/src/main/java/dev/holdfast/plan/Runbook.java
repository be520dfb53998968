package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stages, in order, by which an operation changes one cluster.
 *
 * @param look observes all nodes in parallel, with a deadline each
 */
public record Runbook<S extends ClusterState>(
        String cluster, String title, Function<ExecutionContext, S> look, List<Stage<S>> stages) {

    /**
     * Plans all stages from one observation; later stages plan for the expected result of earlier ones. Nodes that did not
     * answer and that no stage names are listed at the end, because they were not compared.
     */
    public List<Planned> plan(S state) {
        List<Planned> plans = new ArrayList<>();
        stages.forEach(a -> plans.add(new Planned(cluster, a.name(), a.planner().apply(state))));
        List<Refusal> silent = silent(state, plans);
        if (!silent.isEmpty()) {
            plans.add(new Planned(cluster, "not compared", Plan.missing(silent)));
        }
        return List.copyOf(plans);
    }

    private List<Refusal> silent(S state, List<Planned> plans) {
        Set<String> named = plans.stream()
                .map(Planned::plan)
                .flatMap(p -> Stream.concat(p.refusals().stream(), p.missing().stream()))
                .map(Refusal::where)
                .collect(Collectors.toSet());
        return state.nodes().stream()
                .filter(o -> o.state() == NodeAvailability.SILENT
                        && !named.contains(o.node().id()))
                .map(o -> new Refusal(
                        o.node().id(),
                        "the node does not answer, so its state was not compared with the declared one"
                                + o.fact("reason").map(t -> ": " + t).orElse(""),
                        o.fact(NodeStatus.REMEDY)
                                .map(r -> r + "; then holdfast plan")
                                .orElse("make the node reachable, then holdfast plan"),
                        ExitCode.UNREACHABLE))
                .toList();
    }

    /** Returns the same runbook, starting from an earlier observation: what was decided from it is what is done. */
    public Runbook<S> startingFrom(S state) {
        AtomicReference<S> first = new AtomicReference<>(state);
        return new Runbook<>(
                cluster,
                title,
                context -> Optional.ofNullable(first.getAndSet(null)).orElseGet(() -> look.apply(context)),
                stages);
    }

    /**
     * Returns the same runbook with a check of its first plan, which is the one that is executed.
     *
     * @param check throws when the plan must not be executed; nothing is changed then
     */
    public Runbook<S> checkedBy(Consumer<List<Planned>> check) {
        AtomicBoolean isChecked = new AtomicBoolean();
        return new Runbook<>(
                cluster,
                title,
                context -> {
                    S state = look.apply(context);
                    if (!isChecked.getAndSet(true)) {
                        check.accept(plan(state));
                    }
                    return state;
                },
                stages);
    }

    public List<Planned> plan(ExecutionContext context) {
        return plan(look.apply(context));
    }

    /** The plan of a stage, with its name. */
    public record Planned(String cluster, String stage, Plan plan) {}
}
