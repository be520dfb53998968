package dev.holdfast.lint;

import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One rule about valid topologies: an ERROR contradicts a declared objective, a WARN is advice. */
public interface LintRule {

    /** Returns the name of the rule, by which a topology accepts what it finds. */
    String id();

    /** Returns the violations of this rule, each with the reason and a hint. */
    void judge(Topology topology, List<Problem> found);

    /**
     * Judges a topology together with its dictionaries.
     *
     * @param stored the names of the collections or tables that a dictionary declares, by the cluster that has one
     */
    default void judge(Topology topology, Map<String, Set<String>> stored, List<Problem> found) {
        judge(topology, found);
    }

    /** Judges a topology on a day; for a rule whose result depends on it. */
    default void judge(Topology topology, LocalDate today, List<Problem> found) {}
}
