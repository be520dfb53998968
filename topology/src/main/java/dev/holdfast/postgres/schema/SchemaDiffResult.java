package dev.holdfast.postgres.schema;

import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.DestructiveChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The result of a comparison: steps, refusals, drifts and notes. */
final class SchemaDiffResult {

    private final Set<String> allowed;
    private final List<Step> steps = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    SchemaDiffResult(Set<String> allowed) {
        this.allowed = allowed;
    }

    void step(Step step) {
        steps.add(step);
    }

    /** Adds a change that the server would refuse; all other changes are still made. */
    void refuse(Refusal refusal) {
        refusals.add(refusal);
    }

    void note(String note) {
        notes.add(note);
    }

    /** Adds a safe change as a step, and any other one as a drift, or as a step if it was allowed by name. */
    void safeOr(boolean safe, String name, String what, String statement, Step.Builder step, Condition until) {
        DestructiveChange drift = new DestructiveChange(name, what, statement);
        if (!safe && !drift.isAllowed(allowed)) {
            notes.add(drift.note());
            return;
        }
        steps.add(step.risk(safe ? Step.Risk.NONE : Step.Risk.DANGER).until(until, SchemaSteps.CHANGE));
    }

    Plan plan() {
        return new Plan(steps, List.of(), notes, refusals);
    }
}
