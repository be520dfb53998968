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
 * A read position in the parsed file, from which an engine reads keys and values. A value that is absent or invalid
 * reads as absent: the validator has already reported it, and the rest can still be read.
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

    /** Returns a cursor on a whole file, after every violation of its schema was reported. */
    public static ConfigCursor examined(ConfigNode tree, ConfigSchema shape, List<Problem> problems) {
        new SchemaValidator(List.of(), problems).examine(tree, shape, "", tree.place());
        return of(tree, problems);
    }

    /** Returns the key or, in a list, the value. */
    public String name() {
        return name;
    }

    /** Returns the location of the value; for maps and lists, the location of their key. */
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

    /** Returns the value of a key; an absent value has this location. */
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

    /** Returns the keys with their values; of a duplicate key, the first. */
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

    /** Returns one word or a list of words as a list. */
    public List<String> words() {
        if (isList()) {
            return items().stream().map(i -> i.text("").strip()).toList();
        }
        return isPresent() ? List.of(text("").strip()) : List.of();
    }

    /** Returns the value in a form that can be printed. */
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

    /** Returns the whole part as plain maps, lists and texts. */
    public Object plain() {
        return tree == null ? "" : ConfigNode.plain(tree);
    }

    public ConfigNode tree() {
        return tree;
    }

    /** Reports an error here, which makes the file unusable. */
    public void wrong(String what, String hint) {
        problems.add(Problem.error(place(), what, hint));
    }

    /** Reports a warning here. */
    public void doubtful(String what, String hint) {
        problems.add(Problem.warn(place(), what, hint));
    }
}
