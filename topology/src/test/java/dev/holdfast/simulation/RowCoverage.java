package dev.holdfast.simulation;

import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often each row of the decision tables has decided. */
public final class RowCoverage {

    private final Map<String, List<? extends DecisionRule<?, ?>>> tables;
    private final Map<String, Long> counts = new LinkedHashMap<>();

    /** @param tables the rules by the name of their table */
    public RowCoverage(Map<String, List<? extends DecisionRule<?, ?>>> tables) {
        this.tables = new LinkedHashMap<>(tables);
        tables.forEach((table, rules) -> rules.forEach(r -> counts.put(key(table, r), 0L)));
    }

    private static String key(String table, DecisionRule<?, ?> row) {
        return table + " " + row.code().word() + " (" + row.when() + ")";
    }

    /** The code of a decision can be that of another table, so the row is found by its condition. */
    public void reached(String table, Decision<?> decision) {
        for (DecisionRule<?, ?> row : tables.get(table)) {
            if (row.when().equals(decision.when())) {
                counts.merge(key(table, row), 1L, Long::sum);
                return;
            }
        }
    }

    public List<String> unreached() {
        return counts.entrySet().stream()
                .filter(e -> e.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    public int size() {
        return counts.size();
    }

    /** Returns one line per row, with its count. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach((row, count) -> lines.add(String.format("%8d  %s", count, row)));
        return lines;
    }
}
