package dev.holdfast.engine;

import dev.holdfast.engine.Tree.Entry;
import dev.holdfast.engine.Tree.Mapping;
import dev.holdfast.engine.Tree.Scalar;
import dev.holdfast.engine.Tree.Sequence;
import dev.holdfast.model.Amounts;
import dev.holdfast.model.Place;
import dev.holdfast.model.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A finger on a piece of the file. What is absent or does not fit its shape reads as absent: the examiner has told it
 * already, and the rest can still be read and judged.
 */
public final class Reading {

    private final Tree tree;
    private final String name;
    private final Place place;
    private final List<Problem> problems;

    private Reading(Tree tree, String name, Place place, List<Problem> problems) {
        this.tree = tree;
        this.name = name;
        this.place = place;
        this.problems = problems;
    }

    static Reading of(Tree tree, List<Problem> problems) {
        return new Reading(tree, "", tree.place(), problems);
    }

    /** A whole file, after everything that does not fit its shape was told. */
    public static Reading examined(Tree tree, Shape shape, List<Problem> problems) {
        new Examiner(List.of(), problems).examine(tree, shape, "", tree.place());
        return of(tree, problems);
    }

    /** The key or, in a list, the value it stands under. */
    public String name() {
        return name;
    }

    /** Where the value stands; for maps and lists, where their key stands. */
    public Place place() {
        return tree instanceof Scalar ? tree.place() : place;
    }

    public boolean isPresent() {
        return tree != null;
    }

    public boolean isMap() {
        return tree instanceof Mapping;
    }

    public boolean isList() {
        return tree instanceof Sequence;
    }

    /** The value of a key; an absent one stands where this stands. */
    public Reading at(String key) {
        if (tree instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                if (entry.key().equals(key)) {
                    return new Reading(entry.value(), key, entry.place(), problems);
                }
            }
        }
        return new Reading(null, key, place(), problems);
    }

    public List<Reading> items() {
        List<Reading> items = new ArrayList<>();
        if (tree instanceof Sequence sequence) {
            for (Tree item : sequence.items()) {
                items.add(new Reading(item, name, item.place(), problems));
            }
        }
        return items;
    }

    /** The keys with their values; of a key that is written twice, the first. */
    public List<Reading> entries() {
        List<Reading> entries = new ArrayList<>();
        if (tree instanceof Mapping mapping) {
            Set<String> seen = new HashSet<>();
            for (Entry entry : mapping.entries()) {
                if (seen.add(entry.key())) {
                    entries.add(new Reading(entry.value(), entry.key(), entry.place(), problems));
                }
            }
        }
        return entries;
    }

    public Optional<Scalar> scalar() {
        return tree instanceof Scalar scalar && !scalar.isEmpty() && scalar.kind() != Scalar.Kind.TOLD
                ? Optional.of(scalar)
                : Optional.empty();
    }

    public String text(String otherwise) {
        return scalar().map(Scalar::text).orElse(otherwise);
    }

    /** The value as it may be shown to people. */
    public String written() {
        return scalar().map(Scalar::written).orElse(name);
    }

    public boolean flag(boolean otherwise) {
        return scalar().map(s -> s.text().equals("true")).orElse(otherwise);
    }

    public Optional<Integer> whole() {
        return scalar().flatMap(s -> Amounts.whole(s.text()))
                .filter(n -> n >= Integer.MIN_VALUE && n <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    public Optional<Double> decimal() {
        return scalar().flatMap(s -> Amounts.decimal(s.text()));
    }

    public Optional<Duration> span() {
        return scalar().flatMap(s -> Amounts.span(s.text()));
    }

    public Optional<Integer> megabytes() {
        return scalar().flatMap(s -> Amounts.megabytes(s.text()));
    }

    /** The whole piece as plain maps, lists and texts. */
    public Object plain() {
        return tree == null ? "" : Tree.plain(tree);
    }

    public Tree tree() {
        return tree;
    }

    /** Tells that this piece makes the file unusable. */
    public void wrong(String what, String hint) {
        problems.add(Problem.error(place(), what, hint));
    }

    /** Tells that this piece is doubtful. */
    public void doubtful(String what, String hint) {
        problems.add(Problem.warn(place(), what, hint));
    }
}
