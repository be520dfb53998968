package dev.holdfast.config;

import static dev.holdfast.config.ValueValidator.quoted;

import dev.holdfast.config.ConfigNode.Entry;
import dev.holdfast.config.ConfigNode.Mapping;
import dev.holdfast.config.ConfigNode.Scalar;
import dev.holdfast.config.ConfigNode.Sequence;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The validation of a file against a schema, which reports all violations together. */
final class SchemaValidator {

    private final Collection<String> hosts;
    private final List<Problem> problems;

    /** @param hosts the names of the hosts that the file declares */
    SchemaValidator(Collection<String> hosts, List<Problem> problems) {
        this.hosts = hosts;
        this.problems = problems;
    }

    /**
     * @param what the key above the tree, for messages
     * @param owner the location of that key, where missing keys are reported
     */
    void examine(ConfigNode tree, ConfigSchema shape, String what, SourceLocation owner) {
        if (tree instanceof Scalar scalar && scalar.kind() == Scalar.Kind.REPORTED) {
            return;
        }
        if (shape instanceof ConfigSchema.AnyOf either) {
            examineEither(tree, either, what, owner);
        } else if (tree instanceof Scalar scalar && scalar.isEmpty()) {
            report(
                    empty(tree, owner),
                    quoted(what) + " is empty",
                    ExampleValue.hint(what, shape) + ", or omit the key");
        } else if (shape instanceof ConfigSchema.Free) {
            examineFree(tree, what, owner);
        } else if (!ValueValidator.isKind(tree, shape)) {
            report(
                    tree.place(),
                    named(what) + " must be " + shape.noun() + ", not " + description(tree),
                    ValueValidator.hint(tree, shape, what));
        } else if (shape instanceof ConfigSchema.ObjectOf keys) {
            examineKeys((Mapping) tree, keys, what, owner);
        } else if (shape instanceof ConfigSchema.Switch cases) {
            examineSwitch((Mapping) tree, cases, what, owner);
        } else if (shape instanceof ConfigSchema.MapOf named) {
            examineNamed((Mapping) tree, named, what, owner);
        } else if (shape instanceof ConfigSchema.ListOf list) {
            examineList((Sequence) tree, list, what);
        } else {
            ValueValidator.complaint((Scalar) tree, shape, what, hosts).ifPresent(c -> report(tree.place(), c));
        }
    }

    private void examineEither(ConfigNode tree, ConfigSchema.AnyOf either, String what, SourceLocation owner) {
        List<ConfigSchema> fitting = either.shapes().stream()
                .filter(s -> ValueValidator.isKind(tree, s))
                .toList();
        if (fitting.size() == 1 && !(tree instanceof Scalar)) {
            examine(tree, fitting.get(0), what, owner);
        } else if (tree instanceof Scalar scalar) {
            ValueValidator.complaint(scalar, either, what, hosts)
                    .ifPresent(c -> report(scalar.isEmpty() ? empty(tree, owner) : tree.place(), c));
        } else {
            report(
                    tree.place(),
                    named(what) + " must be " + either.noun() + ", not " + tree.noun(),
                    ExampleValue.hint(what, either));
        }
    }

    private void examineKeys(Mapping mapping, ConfigSchema.ObjectOf shape, String what, SourceLocation owner) {
        reportDuplicates(mapping);
        for (Entry entry : mapping.entries()) {
            ConfigSchema.Key key = shape.keys().get(entry.key());
            if (key == null) {
                report(
                        entry.place(),
                        "unknown key " + quoted(entry.key()) + (what.isEmpty() ? "" : " in " + quoted(what)),
                        Suggestion.hint(entry.key(), shape.keys().keySet(), "known keys here: "));
            } else {
                examine(entry.value(), key.shape(), entry.key(), entry.place());
            }
        }
        reportMissing(mapping, shape, what, owner);
    }

    private void reportMissing(Mapping mapping, ConfigSchema.ObjectOf shape, String what, SourceLocation owner) {
        for (ConfigSchema.Key key : shape.keys().values()) {
            if (key.required() && mapping.get(key.name()) == null) {
                report(
                        owner,
                        quoted(key.name()) + " is missing" + (what.isEmpty() ? "" : " in " + quoted(what)),
                        "add " + key.name() + ": " + key.about());
            }
        }
    }

    private void examineSwitch(Mapping mapping, ConfigSchema.Switch shape, String what, SourceLocation owner) {
        ConfigSchema.Choice words =
                new ConfigSchema.Choice(List.copyOf(shape.cases().keySet()));
        ConfigNode chosen = mapping.get(shape.key());
        if (chosen == null) {
            report(
                    owner,
                    quoted(shape.key()) + " is missing in " + quoted(what),
                    "add " + shape.key() + ": " + words.noun());
            return;
        }
        ConfigSchema.ObjectOf keys =
                chosen instanceof Scalar scalar ? shape.cases().get(scalar.text()) : null;
        if (keys == null) {
            examine(chosen, words, shape.key(), owner);
            return;
        }
        examineKeys(
                mapping,
                ConfigSchema.keys(ConfigSchema.must(shape.key(), words, shape.about()))
                        .plus(keys),
                what,
                owner);
    }

    private void examineNamed(Mapping mapping, ConfigSchema.MapOf shape, String what, SourceLocation owner) {
        reportDuplicates(mapping);
        if (mapping.entries().size() < shape.least()) {
            report(owner, quoted(what) + " is empty", "declare at least " + shape.least());
        }
        for (Entry entry : mapping.entries()) {
            Scalar name = new Scalar(entry.place(), entry.key(), entry.key(), Scalar.Kind.TEXT);
            ValueValidator.complaint(name, shape.names(), what, hosts).ifPresent(c -> report(entry.place(), c));
            examine(entry.value(), shape.value(), entry.key(), entry.place());
        }
    }

    private void examineList(Sequence sequence, ConfigSchema.ListOf shape, String what) {
        if (sequence.items().size() < shape.least()) {
            report(
                    sequence.place(),
                    quoted(what) + " is an empty list",
                    "list at least " + shape.least() + ", or omit the key");
        }
        sequence.items().forEach(item -> examine(item, shape.item(), what, item.place()));
    }

    private void examineFree(ConfigNode tree, String what, SourceLocation owner) {
        if (tree instanceof Mapping mapping) {
            reportDuplicates(mapping);
            mapping.entries().forEach(e -> examine(e.value(), ConfigSchema.FREE, e.key(), e.place()));
        } else if (tree instanceof Sequence sequence) {
            sequence.items().forEach(i -> examine(i, ConfigSchema.FREE, what, owner));
        }
    }

    private void reportDuplicates(Mapping mapping) {
        Map<String, Entry> state = new HashMap<>();
        for (Entry entry : mapping.entries()) {
            Optional.ofNullable(state.putIfAbsent(entry.key(), entry))
                    .ifPresent(first -> report(
                            entry.place(),
                            "the key " + quoted(entry.key()) + " is written twice",
                            "the first is at line " + first.place().line() + "; keep one of them"));
        }
    }

    /** Returns the location of a missing value: YAML parsers can report a line far below its key. */
    private static SourceLocation empty(ConfigNode tree, SourceLocation owner) {
        return tree.place().line() == owner.line() ? tree.place() : owner;
    }

    private static String description(ConfigNode tree) {
        return tree instanceof Scalar scalar ? quoted(scalar.written()) : tree.noun();
    }

    private static String named(String what) {
        return what.isEmpty() ? "the file" : quoted(what);
    }

    private void report(SourceLocation place, ValueValidator.Complaint complaint) {
        report(place, complaint.what(), complaint.hint());
    }

    private void report(SourceLocation place, String what, String hint) {
        problems.add(Problem.error(place, what, hint));
    }
}
