package dev.holdfast.config;

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

/** Holds a tree against a shape and tells everything that does not fit, at once. */
final class SchemaValidator {

    private final Collection<String> hosts;
    private final List<Problem> problems;

    /** @param hosts the names of the hosts that the file declares */
    SchemaValidator(Collection<String> hosts, List<Problem> problems) {
        this.hosts = hosts;
        this.problems = problems;
    }

    /**
     * @param what the key that the tree stands under, for messages
     * @param owner where that key stands: missing keys are told there
     */
    void examine(ConfigNode tree, ConfigSchema shape, String what, SourceLocation owner) {
        if (tree instanceof Scalar scalar && scalar.kind() == Scalar.Kind.TOLD) {
            return;
        }
        if (shape instanceof ConfigSchema.AnyOf either) {
            examineEither(tree, either, what, owner);
        } else if (tree instanceof Scalar scalar && scalar.isEmpty()) {
            tell(
                    empty(tree, owner),
                    quoted(what) + " is empty",
                    ExampleValue.hint(what, shape) + ", or leave the key out");
        } else if (shape instanceof ConfigSchema.Free) {
            examineFree(tree, what, owner);
        } else if (!ValueValidator.isKind(tree, shape)) {
            tell(
                    tree.place(),
                    named(what) + " must be " + shape.noun() + ", not " + told(tree),
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
            ValueValidator.complaint((Scalar) tree, shape, what, hosts).ifPresent(c -> tell(tree.place(), c));
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
                    .ifPresent(c -> tell(scalar.isEmpty() ? empty(tree, owner) : tree.place(), c));
        } else {
            tell(
                    tree.place(),
                    named(what) + " must be " + either.noun() + ", not " + tree.noun(),
                    ExampleValue.hint(what, either));
        }
    }

    private void examineKeys(Mapping mapping, ConfigSchema.ObjectOf shape, String what, SourceLocation owner) {
        tellTwice(mapping);
        for (Entry entry : mapping.entries()) {
            ConfigSchema.Key key = shape.keys().get(entry.key());
            if (key == null) {
                tell(
                        entry.place(),
                        "unknown key " + quoted(entry.key()) + (what.isEmpty() ? "" : " in " + quoted(what)),
                        Suggestion.hint(entry.key(), shape.keys().keySet(), "known keys here: "));
            } else {
                examine(entry.value(), key.shape(), entry.key(), entry.place());
            }
        }
        tellMissing(mapping, shape, what, owner);
    }

    private void tellMissing(Mapping mapping, ConfigSchema.ObjectOf shape, String what, SourceLocation owner) {
        for (ConfigSchema.Key key : shape.keys().values()) {
            if (key.required() && mapping.get(key.name()) == null) {
                tell(
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
            tell(
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
        tellTwice(mapping);
        if (mapping.entries().size() < shape.least()) {
            tell(owner, quoted(what) + " is empty", "name at least " + shape.least());
        }
        for (Entry entry : mapping.entries()) {
            Scalar name = new Scalar(entry.place(), entry.key(), entry.key(), Scalar.Kind.TEXT);
            ValueValidator.complaint(name, shape.names(), what, hosts).ifPresent(c -> tell(entry.place(), c));
            examine(entry.value(), shape.value(), entry.key(), entry.place());
        }
    }

    private void examineList(Sequence sequence, ConfigSchema.ListOf shape, String what) {
        if (sequence.items().size() < shape.least()) {
            tell(
                    sequence.place(),
                    quoted(what) + " is an empty list",
                    "list at least " + shape.least() + ", or leave the key out");
        }
        sequence.items().forEach(item -> examine(item, shape.item(), what, item.place()));
    }

    private void examineFree(ConfigNode tree, String what, SourceLocation owner) {
        if (tree instanceof Mapping mapping) {
            tellTwice(mapping);
            mapping.entries().forEach(e -> examine(e.value(), ConfigSchema.FREE, e.key(), e.place()));
        } else if (tree instanceof Sequence sequence) {
            sequence.items().forEach(i -> examine(i, ConfigSchema.FREE, what, owner));
        }
    }

    private void tellTwice(Mapping mapping) {
        Map<String, Entry> seen = new HashMap<>();
        for (Entry entry : mapping.entries()) {
            Optional.ofNullable(seen.putIfAbsent(entry.key(), entry))
                    .ifPresent(first -> tell(
                            entry.place(),
                            "the key " + quoted(entry.key()) + " is written twice",
                            "the first is at line " + first.place().line() + "; keep one of them"));
        }
    }

    /** Where to look for a value that is not there: YAML readers may have looked for it far below its key. */
    private static SourceLocation empty(ConfigNode tree, SourceLocation owner) {
        return tree.place().line() == owner.line() ? tree.place() : owner;
    }

    private static String told(ConfigNode tree) {
        return tree instanceof Scalar scalar ? quoted(scalar.written()) : tree.noun();
    }

    private static String named(String what) {
        return what.isEmpty() ? "the file" : quoted(what);
    }

    /** A word of the file as it is shown to people: in quotes, not too long. */
    static String quoted(String text) {
        if (text.isEmpty()) {
            return "nothing";
        }
        return "\"" + (text.length() > 60 ? text.substring(0, 57) + "..." : text) + "\"";
    }

    private void tell(SourceLocation place, ValueValidator.Complaint complaint) {
        tell(place, complaint.what(), complaint.hint());
    }

    private void tell(SourceLocation place, String what, String hint) {
        problems.add(Problem.error(place, what, hint));
    }
}
