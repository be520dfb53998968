package dev.holdfast.schema.config;

import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.schema.CheckConstraint;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.Index;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The rules for a dictionary that every engine can create without surprises. All rules apply to every entity, whatever its
 * store, so that a change of the store stays a change of one word.
 */
final class DictionaryRules {

    private static final Set<String> TAKEN = Set.of("admin", "local", "config", "information_schema");

    private final Dictionary dictionary;
    private final List<Problem> problems;

    private DictionaryRules(Dictionary dictionary, List<Problem> problems) {
        this.dictionary = dictionary;
        this.problems = problems;
    }

    static void check(Dictionary dictionary, List<Problem> problems) {
        DictionaryRules rules = new DictionaryRules(dictionary, problems);
        dictionary.entities().forEach(rules::check);
        rules.checkObjectNames();
        rules.checkDomains();
        ReferenceRules.checkCycles(dictionary, problems);
    }

    private void check(Entity entity) {
        NameRules.problem(entity.place(), entity.name(), "an entity").ifPresent(problems::add);
        if (TAKEN.contains(entity.domain().toLowerCase(Locale.ROOT))
                || entity.domain().startsWith("pg_")) {
            report(
                    entity.place(),
                    "the domain \"" + entity.domain() + "\" is reserved by an engine",
                    "choose another name");
        }
        FieldRules.check(entity, problems);
        ReferenceRules.check(dictionary, entity, problems);
        IndexRules.check(entity, problems);
        ShardKeyRules.check(dictionary, entity, problems);
        for (CheckConstraint check : entity.checks()) {
            NameRules.problem(check.place(), check.name(), "a check").ifPresent(problems::add);
            checkRule(entity, check);
        }
    }

    private void checkRule(Entity entity, CheckConstraint check) {
        for (String name : check.rule().fields()) {
            if (FieldRules.known(entity, name, check.place(), problems).isEmpty()) {
                return;
            }
        }
        if (check.rule() instanceof CheckConstraint.Compare compare) {
            FieldType left = entity.field(compare.left()).orElseThrow().type();
            FieldType right = entity.field(compare.right()).orElseThrow().type();
            boolean alike = left.kind() == right.kind() || left.isNumber() && right.isNumber();
            if (!alike) {
                report(
                        check.place(),
                        "the check \"" + check.name() + "\" compares " + left.written() + " with " + right.written(),
                        "compare fields of one type");
            }
        }
    }

    /** Checks the names of indexes and constraints, which share one namespace per PostgreSQL schema. */
    private void checkObjectNames() {
        Map<String, SourceLocation> state = new HashMap<>();
        for (Entity entity : dictionary.entities()) {
            state.put(entity.domain() + "." + entity.name(), entity.place());
        }
        for (Entity entity : dictionary.entities()) {
            for (Index index : entity.indexes()) {
                SourceLocation first = state.putIfAbsent(entity.domain() + "." + index.name(), index.place());
                if (first != null) {
                    report(
                            index.place(),
                            "two objects of " + entity.domain() + " have the name \"" + index.name() + "\"",
                            "the other is at " + first + "; choose another name for this one");
                }
            }
        }
    }

    /** Checks the domains: MongoDB refuses a database whose name differs from that of another one only in case. */
    private void checkDomains() {
        Map<String, Entity> first = new HashMap<>();
        for (Entity entity : dictionary.entities()) {
            Entity other = first.putIfAbsent(entity.domain().toLowerCase(Locale.ROOT), entity);
            if (other != null && !other.domain().equals(entity.domain())) {
                report(
                        entity.place(),
                        "the domains \"" + other.domain() + "\" and \"" + entity.domain()
                                + "\" differ only in case, and MongoDB refuses the second one",
                        "the other is at " + other.place() + "; choose another name for this one");
            }
        }
    }

    private void report(SourceLocation place, String what, String hint) {
        problems.add(Problem.error(place, what, hint));
    }
}
