package dev.holdfast.plan;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records the execution of runbooks; no decision depends on it. */
final class RunRecorder {

    private final Ledger ledger;

    RunRecorder(Ledger ledger) {
        this.ledger = ledger;
    }

    void recordState(String cluster, ClusterState state) {
        ledger.note(Kind.SEEN, facts("cluster", cluster, "nodes", rows(state), "problems", state.problems()));
    }

    void noted(String cluster, String note) {
        ledger.note(Kind.NOTED, facts("cluster", cluster, "note", note));
    }

    void started(String cluster, String stage, int steps) {
        ledger.note(Kind.ACT_STARTED, facts("cluster", cluster, "act", stage, "steps", steps));
    }

    void ended(String cluster, String stage, boolean ok) {
        ledger.note(Kind.ACT_ENDED, facts("cluster", cluster, "act", stage, "ok", ok));
    }

    Page page(String cluster, String stage, Step step) {
        return new Page(facts(
                "cluster",
                cluster,
                "act",
                stage,
                "lane",
                step.lane(),
                "step",
                step.title(),
                "because",
                step.because()));
    }

    /** Returns the facts of one step, always under the same names. */
    final class Page {

        private final Map<String, Object> name;

        private Page(Map<String, Object> name) {
            this.name = name;
        }

        void skipped() {
            ledger.note(Kind.STEP_SKIPPED, name);
        }

        void started() {
            ledger.note(Kind.STEP_STARTED, name);
        }

        void done(Duration took) {
            name.put("took_ms", took.toMillis());
            ledger.note(Kind.STEP_DONE, name);
        }

        void failed(Duration took, String why) {
            name.put("took_ms", took.toMillis());
            name.put("why", why);
            ledger.note(Kind.STEP_FAILED, name);
        }

        void reverted(Action revert, ActionResult answer) {
            Map<String, Object> facts = new LinkedHashMap<>(name);
            facts.put("revert", revert.script().file());
            facts.put("answer", answer.sentence());
            ledger.note(Kind.MENDED, facts);
        }
    }

    private static List<Map<String, Object>> rows(ClusterState state) {
        return state.nodes().stream()
                .map(o -> {
                    Map<String, Object> one =
                            facts("node", o.node().id(), "state", o.state().name(), "role", o.role());
                    one.put("facts", o.facts());
                    return one;
                })
                .toList();
    }

    /** Returns a map in the given order, in which the record is read. */
    private static Map<String, Object> facts(Object... pairs) {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            facts.put((String) pairs[i], pairs[i + 1]);
        }
        return facts;
    }
}
