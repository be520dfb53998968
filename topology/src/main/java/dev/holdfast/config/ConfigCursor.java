package dev.holdfast.config;

import dev.holdfast.config.ConfigNode.Entry;
import dev.holdfast.config.ConfigNode.Mapping;
import dev.holdfast.config.ConfigNode.Scalar;
import dev.holdfast.config.ConfigNode.Sequence;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Quantities;
import dev.holdfast.model.SourceLocation;
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
public final class ConfigCursor {

    private final ConfigNode tree;
    private final String name;
    private final SourceLocation place;
    private final List<Problem> problems;

    private ConfigCursor(ConfigNode tree, String name, SourceLocation place, List<Problem> problems) {
        this.tree = tree;
        this.name = name;
        this.place = place;
        this.problems = problems;
    }

    static ConfigCursor of(ConfigNode tree, List<Problem> problems) {
        return new ConfigCursor(tree, "", tree.place(), problems);
    }

    /** A whole file, after everything that does not fit its shape was told. */
    public static ConfigCursor examined(ConfigNode tree, ConfigSchema shape, List<Problem> problems) {
        new SchemaValidator(List.of(), problems).examine(tree, shape, "", tree.place());
        return of(tree, problems);
    }

    /** The key or, in a list, the value it stands under. */
    public String name() {
        return name;
    }

    /** Where the value stands; for maps and lists, where their key stands. */
    public SourceLocation place() {
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
    public ConfigCursor at(String key) {
        if (tree instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                if (entry.key().equals(key)) {
                    return new ConfigCursor(entry.value(), key, entry.place(), problems);
                }
            }
        }
        return new ConfigCursor(null, key, place(), problems);
    }

    public List<ConfigCursor> items() {
        List<ConfigCursor> items = new ArrayList<>();
        if (tree instanceof Sequence sequence) {
            for (ConfigNode item : sequence.items()) {
                items.add(new ConfigCursor(item, name, item.place(), problems));
            }
        }
        return items;
    }

    /** The keys with their values; of a key that is written twice, the first. */
    public List<ConfigCursor> entries() {
        List<ConfigCursor> entries = new ArrayList<>();
        if (tree instanceof Mapping mapping) {
            Set<String> state = new HashSet<>();
            for (Entry entry : mapping.entries()) {
                if (state.add(entry.key())) {
                    entries.add(new ConfigCursor(entry.value(), entry.key(), entry.place(), problems));
                }
            }
        }
        return entries;
    }

    public Optional<Scalar> scalar() {
        return tree instanceof Scalar scalar && !scalar.isEmpty() && scalar.kind() != Scalar.Kind.REPORTED
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
        return scalar().flatMap(s -> Quantities.whole(s.text()))
                .filter(n -> n >= Integer.MIN_VALUE && n <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    public Optional<Double> decimal() {
        return scalar().flatMap(s -> Quantities.decimal(s.text()));
    }

    public Optional<Duration> span() {
        return scalar().flatMap(s -> Quantities.span(s.text()));
    }

    public Optional<Integer> megabytes() {
        return scalar().flatMap(s -> Quantities.megabytes(s.text()));
    }

    /** The whole piece as plain maps, lists and texts. */
    public Object plain() {
        return tree == null ? "" : ConfigNode.plain(tree);
    }

    public ConfigNode tree() {
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
