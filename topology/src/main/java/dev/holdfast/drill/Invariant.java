package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.OwnQuery;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.ledger.Ledger.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A statement about a user's own data after a drill: a query to the final primary, and the correct answer.
 *
 * @param claim the statement in a sentence
 * @param cluster the cluster to query
 * @param query SQL whose first column of the first row is the answer, or a command
 * @param field where the reply contains the answer, e.g. {@code n} or {@code cursor.firstBatch.0.sum}; empty for SQL
 * @param expect the correct answer as text
 */
public record Invariant(String claim, String cluster, OwnQuery query, String field, String expect) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Queries the primary, and records query and answer. */
    public void ask(DrillContext drillContext, EstateState state) {
        Optional<ActionResult> answer = drillContext.scope().clusters().stream()
                .filter(s -> s.cluster().name().equals(cluster))
                .findFirst()
                .map(DrillGroup::drillProfile)
                .flatMap(p -> p.streams().stream()
                        .findFirst()
                        .flatMap(s -> p.query(query, state.primary(cluster, s.group()), PATIENCE)))
                .map(drillContext.context()::ask);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("note", "query to " + cluster + ": " + claim);
        facts.put("invariant", claim);
        facts.put("cluster", cluster);
        facts.put("asked", query.words());
        facts.put("expect", expect);
        facts.put("answered", answer.filter(ActionResult::isOk).isPresent());
        facts.put(
                "answer", answer.map(a -> a.isOk() ? value(a) : a.sentence()).orElse("there was no primary to query"));
        drillContext.ledger().note(Kind.NOTED, facts);
    }

    private String value(ActionResult answer) {
        if (field.isEmpty()) {
            return answer.row().isEmpty()
                    ? "no row"
                    : String.valueOf(answer.row().values().iterator().next());
        }
        Object at = answer.row();
        for (String step : field.split("\\.")) {
            at = at instanceof Map<?, ?> map
                    ? map.get(step)
                    : at instanceof List<?> list && step.matches("[0-9]{1,6}") && Integer.parseInt(step) < list.size()
                            ? list.get(Integer.parseInt(step))
                            : null;
        }
        return String.valueOf(at);
    }
}
