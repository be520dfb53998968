package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.LintRule;
import dev.holdfast.lint.SettingRule;
import dev.holdfast.model.Quantities;
import java.util.Set;
import java.util.function.Predicate;

/** Conditions about the values of settings, as they are written in the topology. */
final class SettingValues {

    private SettingValues() {}

    static LintRule rule(String id, String setting, Predicate<String> isWrong, String consequence, String hint) {
        return new SettingRule(id, "mongodb", setting, isWrong, consequence, hint);
    }

    /** Returns whether a value is no number from least to most. */
    static Predicate<String> outside(double least, double most) {
        return value ->
                Quantities.decimal(value).filter(n -> n >= least && n <= most).isEmpty();
    }

    static Predicate<String> above(double most) {
        return value -> Quantities.decimal(value).filter(n -> n > most).isPresent();
    }

    static Predicate<String> below(double least) {
        return value -> Quantities.decimal(value).filter(n -> n < least).isPresent();
    }

    static Predicate<String> noneOf(String... words) {
        Set<String> known = Set.of(words);
        return value -> !known.contains(value);
    }
}
