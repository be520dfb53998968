package dev.holdfast.postgres.simulation;

import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.SwitchoverCandidate;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often each row of the decision tables has decided. */
final class RowCoverage {

    private static final Map<String, List<? extends DecisionRule<?, ?>>> TABLES = new LinkedHashMap<>();

    static {
        TABLES.put("failover", FailoverDecision.TABLE);
        TABLES.put("switchover", SwitchoverDecision.TABLE);
        TABLES.put("candidate", SwitchoverCandidate.TABLE);
        TABLES.put("rejoin", RejoinDecision.TABLE);
        TABLES.put("commits", CommitProtection.TABLE);
    }

    private final Map<String, Long> counts = new LinkedHashMap<>();

    RowCoverage() {
        TABLES.forEach((table, rules) ->
                rules.forEach(r -> counts.put(key(table, r.when(), r.code().word()), 0L)));
    }

    private static String key(String table, String when, String code) {
        return table + " " + code + " (" + when + ")";
    }

    /** The code of a decision can be that of another table, so the row is found by its condition. */
    void reached(String table, Decision<?> decision) {
        TABLES.get(table).stream()
                .filter(r -> r.when().equals(decision.when()))
                .findFirst()
                .ifPresent(r -> counts.merge(key(table, r.when(), r.code().word()), 1L, Long::sum));
    }

    void add(RowCoverage other) {
        other.counts.forEach((row, count) -> counts.merge(row, count, Long::sum));
    }

    List<String> unreached() {
        return counts.entrySet().stream()
                .filter(e -> e.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    int size() {
        return counts.size();
    }

    /** Returns one line per row, with its count. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach((row, count) -> lines.add(String.format("%8d  %s", count, row)));
        return lines;
    }
}
