package dev.holdfast.cli.run;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster that was looked at and compared with what is declared.
 *
 * @param plans what a plan from the same look finds
 */
public record PlanComparison(ClusterState observed, List<Runbook.Planned> plans) implements ExtendedClusterState {

    private static final int SHOWN = 3;

    /** What is wrong with the cluster itself, and then what is not as declared. */
    @Override
    public List<HealthProblem> findings() {
        List<HealthProblem> all = new ArrayList<>(observed.findings());
        boolean answers = observed.nodes().stream().anyMatch(o -> o.state() == NodeAvailability.UP);
        if (answers) {
            differences().forEach(d -> all.add(HealthProblem.minor(d)));
        }
        return List.copyOf(all);
    }

    private List<String> differences() {
        List<String> lines = new ArrayList<>();
        List<Plan> all = plans.stream().map(Runbook.Planned::plan).toList();
        List<String> steps = all.stream()
                .flatMap(p -> p.steps().stream())
                .map(PlanComparison::description)
                .toList();
        if (!steps.isEmpty()) {
            lines.add((steps.size() == 1 ? "1 step" : steps.size() + " steps") + " to what is declared: "
                    + String.join("; ", steps.subList(0, Math.min(SHOWN, steps.size())))
                    + (steps.size() > SHOWN ? "; and more, which holdfast plan shows" : "") + "; HINT: holdfast apply");
        }
        all.stream().flatMap(p -> p.refusals().stream()).forEach(r -> lines.add(description(r)));
        all.stream().flatMap(p -> p.open().stream()).forEach(r -> lines.add(description(r)));
        all.stream()
                .flatMap(p -> p.missing().stream())
                .filter(r -> !isUnreachable(r.where()))
                .forEach(r -> lines.add(description(r)));
        return lines.stream().distinct().toList();
    }

    /** The cluster's own problems name such a node already. */
    private boolean isUnreachable(String node) {
        return observed.nodes().stream()
                .anyMatch(o ->
                        o.state() == NodeAvailability.SILENT && o.node().id().equals(node));
    }

    private static String description(Step step) {
        return step.title() + " (" + step.because() + ")";
    }

    private static String description(Refusal refusal) {
        return refusal.where() + ": " + refusal.what() + (refusal.hint().isEmpty() ? "" : "; HINT: " + refusal.hint());
    }
}
