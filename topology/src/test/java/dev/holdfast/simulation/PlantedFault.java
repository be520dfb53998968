package dev.holdfast.simulation;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.plan.Runbook;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A guard of the product that is taken away: a row of a decision table, a stage, an observation, or the effect of an action.
 * The simulation must find each.
 *
 * @param <W> the type of the simulated servers
 */
public class PlantedFault<W> {

    private Set<String> overrides = Set.of();
    private boolean isLossAccepted;
    private Set<String> stages = Set.of();
    private BiFunction<Action, ActionResult, ActionResult> observed = (action, result) -> result;

    public static <W> PlantedFault<W> none() {
        return new PlantedFault<>();
    }

    /** The rows that these codes override never refuse. */
    public static <W> PlantedFault<W> withoutRows(String... codes) {
        PlantedFault<W> fault = new PlantedFault<>();
        fault.overrides = Set.of(codes);
        return fault;
    }

    /** The row that refuses a loss never refuses. */
    public static <W> PlantedFault<W> withoutConsent() {
        PlantedFault<W> fault = new PlantedFault<>();
        fault.isLossAccepted = true;
        return fault;
    }

    /** @param names of stages, each as VERB/STAGE */
    public static <W> PlantedFault<W> withoutStages(String... names) {
        PlantedFault<W> fault = new PlantedFault<>();
        fault.stages = Set.of(names);
        return fault;
    }

    /** Records that contain any of these texts are never observed. */
    public static <W> PlantedFault<W> withoutRecords(String... texts) {
        List<String> hidden = Arrays.asList(texts);
        return changing(".sh", line -> hidden.stream().anyMatch(line::contains) ? "" : line);
    }

    /** @param script the end of the names of the scripts whose output is changed, line by line */
    public static <W> PlantedFault<W> changing(String script, UnaryOperator<String> change) {
        return observing((action, result) -> action.script().file().endsWith(script) && result.isOk()
                ? ActionResult.ok(changed(result.text(), change))
                : result);
    }

    /** @param change from an observation and its result to the result that the product gets */
    public static <W> PlantedFault<W> observing(BiFunction<Action, ActionResult, ActionResult> change) {
        PlantedFault<W> fault = new PlantedFault<>();
        fault.observed = change;
        return fault;
    }

    /** Returns the output of a script with each of its records changed; an empty one is left out. */
    public static String changed(String text, UnaryOperator<String> change) {
        List<String> lines = text.lines()
                .filter(l -> !l.startsWith("{\"t\":\"end\""))
                .map(change)
                .filter(l -> !l.isEmpty())
                .toList();
        return lines.stream().collect(Collectors.joining("\n")) + "\n{\"t\":\"end\",\"records\":" + (lines.size() - 1)
                + "}\n";
    }

    public RoleChangeRequest request(RoleChangeRequest request) {
        Set<String> all = new TreeSet<>(request.overrides());
        all.addAll(overrides);
        return new RoleChangeRequest(request.group(), request.to(), request.acceptDataLoss() || isLossAccepted, all);
    }

    public <S extends ClusterState> Runbook<S> runbook(String verb, Runbook<S> runbook) {
        return stages.isEmpty()
                ? runbook
                : new Runbook<>(
                        runbook.cluster(),
                        runbook.title(),
                        runbook.look(),
                        runbook.stages().stream()
                                .filter(a -> !stages.contains(verb + "/" + a.name()))
                                .toList());
    }

    public ActionResult observed(Action action, ActionResult result) {
        return observed.apply(action, result);
    }

    /** Returns the changing action that is executed in place of another one. */
    public Action replaced(Action action) {
        return action;
    }

    public boolean isIgnored(Action action) {
        return false;
    }

    /** Returns what an ignored action reports. */
    public ActionResult pretended(Action action, W servers) {
        return ActionResult.ok("");
    }
}
