package dev.holdfast.cli.run;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The observed state of a cluster, compared with the desired state.
 *
 * @param plans the plans from the same observation
 */
public record PlanComparison(ClusterState observed, List<Runbook.Planned> plans) implements ExtendedClusterState {

    private static final int SHOWN = 3;

    /** A longer reason hides the steps after it; the problems of the cluster name its cause. */
    private static final int LONGEST_REASON = 120;

    /** Returns the problems of the cluster itself, then its differences from the desired state. */
    @Override
    public List<HealthProblem> findings() {
        List<HealthProblem> all = new ArrayList<>(observed.findings());
        boolean answers = observed.nodes().stream().anyMatch(o -> o.state() == NodeAvailability.UP);
        if (answers) {
            differences().forEach(d -> all.add(HealthProblem.minor(d)));
            open().filter(r -> r.exit() == ExitCode.OBJECTIVE_MISSED)
                    .forEach(r -> all.add(HealthProblem.grave(description(r))));
        }
        return List.copyOf(all);
    }

    /** Whether a part was not compared because its host or server does not answer, also when other servers there answer. */
    public boolean isPartlyUnreached() {
        return plans.stream()
                .map(Runbook.Planned::plan)
                .flatMap(p -> Stream.concat(p.missing().stream(), p.refusals().stream()))
                .anyMatch(r -> r.exit() == ExitCode.UNREACHABLE);
    }

    /** Returns how many steps and named differences lead to the declared state; empty when no server answers. */
    public OptionalLong differenceCount() {
        if (observed.nodes().stream().noneMatch(o -> o.state() == NodeAvailability.UP)) {
            return OptionalLong.empty();
        }
        List<Plan> all = plans.stream().map(Runbook.Planned::plan).toList();
        boolean isRefused = all.stream().anyMatch(p -> !p.refusals().isEmpty());
        return OptionalLong.of(all.stream()
                        .mapToLong(p ->
                                p.refusals().size() + (isRefused ? 0 : p.steps().size()))
                        .sum()
                + open().count());
    }

    private List<String> differences() {
        List<String> lines = new ArrayList<>();
        List<Plan> all = plans.stream().map(Runbook.Planned::plan).toList();
        // nothing is done while a precondition does not hold, and what contradicts it can have been planned from
        // unknown facts
        boolean isRefused = all.stream().anyMatch(p -> !p.refusals().isEmpty());
        boolean isShortened = all.stream()
                .flatMap(p -> p.steps().stream())
                .anyMatch(s -> s.because().length() > LONGEST_REASON);
        List<String> steps = (isRefused ? Stream.<Plan>empty() : all.stream())
                .flatMap(p -> p.steps().stream())
                .map(PlanComparison::description)
                .toList();
        if (!steps.isEmpty()) {
            lines.add((steps.size() == 1 ? "1 step" : steps.size() + " steps") + " to the declared state: "
                    + String.join("; ", steps.subList(0, Math.min(SHOWN, steps.size())))
                    + (steps.size() > SHOWN || isShortened ? "; holdfast plan shows more" : "")
                    + "; HINT: holdfast apply");
        }
        all.stream().flatMap(p -> p.refusals().stream()).forEach(r -> lines.add(description(r)));
        open().filter(r -> r.exit() != ExitCode.OBJECTIVE_MISSED).forEach(r -> lines.add(description(r)));
        all.stream()
                .flatMap(p -> p.missing().stream())
                .filter(r -> !isUnreachable(r.where()))
                .forEach(r -> lines.add(description(r)));
        return lines.stream().distinct().toList();
    }

    private Stream<Refusal> open() {
        return plans.stream().flatMap(p -> p.plan().open().stream()).distinct();
    }

    /** Whether the cluster's own problems name this node already. */
    private boolean isUnreachable(String node) {
        return observed.nodes().stream()
                .anyMatch(o ->
                        o.state() == NodeAvailability.SILENT && o.node().id().equals(node));
    }

    private static String description(Step step) {
        return step.because().length() > LONGEST_REASON ? step.title() : step.title() + " (" + step.because() + ")";
    }

    private static String description(Refusal refusal) {
        return refusal.where() + ": " + refusal.what() + (refusal.hint().isEmpty() ? "" : "; HINT: " + refusal.hint());
    }
}
