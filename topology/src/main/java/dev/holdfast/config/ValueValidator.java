package dev.holdfast.config;

import dev.holdfast.config.ConfigNode.Scalar;
import dev.holdfast.model.Quantities;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The validation of one value against its schema. */
final class ValueValidator {

    /** A message about an invalid value, with a hint. */
    record Complaint(String what, String hint) {}

    private ValueValidator() {}

    /** Returns whether a tree has the kind of the schema: scalar, list or map. */
    static boolean isKind(ConfigNode tree, ConfigSchema shape) {
        if (shape instanceof ConfigSchema.Free) {
            return true;
        }
        if (shape instanceof ConfigSchema.AnyOf either) {
            return either.shapes().stream().anyMatch(s -> isKind(tree, s));
        }
        if (shape instanceof ConfigSchema.ObjectOf
                || shape instanceof ConfigSchema.MapOf
                || shape instanceof ConfigSchema.Switch) {
            return tree instanceof ConfigNode.Mapping;
        }
        if (shape instanceof ConfigSchema.ListOf) {
            return tree instanceof ConfigNode.Sequence;
        }
        return tree instanceof Scalar scalar && !scalar.isEmpty();
    }

    /** Returns the hint for a tree of the wrong kind. */
    static String hint(ConfigNode tree, ConfigSchema shape, String key) {
        boolean lone = shape instanceof ConfigSchema.ListOf && tree instanceof Scalar;
        return lone ? "put it in brackets: [ " + ((Scalar) tree).written() + " ]" : ExampleValue.hint(key, shape);
    }

    static Optional<Complaint> complaint(Scalar scalar, ConfigSchema shape, String what, Collection<String> hosts) {
        if (shape instanceof ConfigSchema.Text text) {
            return spelling(scalar, text.spelling(), what);
        }
        if (shape instanceof ConfigSchema.HostName) {
            return host(scalar, hosts);
        }
        if (shape instanceof ConfigSchema.AnyOf either) {
            return either(scalar, either, what, hosts);
        }
        if (shape instanceof ConfigSchema.Choice words) {
            return words.words().contains(scalar.text())
                    ? Optional.empty()
                    : wrong(
                            scalar,
                            shape,
                            what,
                            Suggestion.to(scalar.written(), words.words())
                                    .map(w -> "did you mean \"" + w + "\"?")
                                    .orElse("write " + words.noun()));
        }
        return amount(scalar, shape) ? Optional.empty() : wrong(scalar, shape, what, amountHint(scalar, shape));
    }

    /** Returns no message if an alternative fits; otherwise a message for a host name, if that is an alternative. */
    private static Optional<Complaint> either(
            Scalar scalar, ConfigSchema.AnyOf either, String what, Collection<String> hosts) {
        List<String> words = new ArrayList<>();
        Optional<Complaint> host = Optional.empty();
        for (ConfigSchema shape : either.shapes()) {
            Optional<Complaint> complaint =
                    isKind(scalar, shape) ? complaint(scalar, shape, what, hosts) : wrong(scalar, shape, what, "");
            if (complaint.isEmpty()) {
                return complaint;
            }
            host = shape instanceof ConfigSchema.HostName && !scalar.isEmpty() ? complaint : host;
            words.addAll(shape instanceof ConfigSchema.Choice some ? some.words() : List.of());
        }
        if (scalar.isEmpty()) {
            return Optional.of(
                    new Complaint(quoted(what) + " is empty", ExampleValue.hint(what, either) + ", or omit the key"));
        }
        Optional<String> near = Suggestion.to(scalar.written(), words);
        String hint = near.map(w -> "did you mean \"" + w + "\"?").orElse(ExampleValue.hint(what, either));
        return host.isPresent() ? host : wrong(scalar, either, what, hint);
    }

    private static boolean amount(Scalar scalar, ConfigSchema shape) {
        String text = scalar.text();
        if (shape instanceof ConfigSchema.Bool) {
            return scalar.mayBe(Scalar.Kind.FLAG) && (text.equals("true") || text.equals("false"));
        }
        if (shape instanceof ConfigSchema.Int whole) {
            return scalar.mayBe(Scalar.Kind.NUMBER)
                    && Quantities.whole(text)
                            .filter(n -> n >= whole.least() && n <= whole.most())
                            .isPresent();
        }
        if (shape instanceof ConfigSchema.Decimal decimal) {
            return scalar.mayBe(Scalar.Kind.NUMBER)
                    && Quantities.decimal(text)
                            .filter(n -> n >= decimal.least() && n <= decimal.most())
                            .isPresent();
        }
        return shape instanceof ConfigSchema.DurationValue
                ? Quantities.span(text).isPresent()
                : Quantities.megabytes(text).isPresent();
    }

    private static String amountHint(Scalar scalar, ConfigSchema shape) {
        boolean bare = Quantities.whole(scalar.written()).isPresent();
        boolean quoted = scalar.kind() == Scalar.Kind.TEXT;
        if (quoted
                && (bare && !(shape instanceof ConfigSchema.DurationValue) && !(shape instanceof ConfigSchema.Size)
                        || scalar.text().equals("true")
                        || scalar.text().equals("false"))) {
            return "write it without quotes";
        }
        if (shape instanceof ConfigSchema.Bool && TextFormat.isYamlWord(scalar.written())) {
            return "write true or false; " + scalar.written() + " has different meanings in different YAML parsers";
        }
        if (shape instanceof ConfigSchema.DurationValue && bare) {
            return "add the unit: " + scalar.written() + "s for seconds, " + scalar.written() + "m for minutes";
        }
        if (shape instanceof ConfigSchema.Size && bare) {
            return "add the unit: " + scalar.written() + "MB or " + scalar.written() + "GB";
        }
        if (shape instanceof ConfigSchema.DurationValue || shape instanceof ConfigSchema.Size) {
            return shape instanceof ConfigSchema.DurationValue
                    ? "such as 250ms, 30s, 5m, 1h or 1d"
                    : "such as 512MB or 2GB";
        }
        return shape instanceof ConfigSchema.Bool ? "write true or false" : "write a number in that range";
    }

    private static Optional<Complaint> spelling(Scalar scalar, TextFormat spelling, String what) {
        boolean name = spelling == TextFormat.NAME || spelling == TextFormat.HOST;
        boolean anyKind = spelling == TextFormat.LINE || scalar.mayBe(Scalar.Kind.TEXT);
        if (anyKind && spelling.accepts(scalar.text())) {
            return Optional.empty();
        }
        String shown = spelling.mayBeShown() ? quoted(scalar.written()) : "this value";
        if (name && TextFormat.isYamlWord(scalar.text())) {
            return Optional.of(new Complaint(
                    shown + " cannot be " + spelling.noun() + ": YAML parsers can read it as true, false or null",
                    "choose another name, such as " + quoted(scalar.written() + "1")));
        }
        if (spelling.accepts(scalar.text())) {
            return Optional.of(
                    new Complaint(shown + " is " + scalar.noun() + " instead of a text", "write it in quotes"));
        }
        String tooLong = scalar.text().length() > spelling.longest()
                ? " (" + scalar.text().length() + " characters)"
                : "";
        return Optional.of(
                new Complaint(quoted(what) + ": " + shown + " is not " + spelling.noun() + tooLong, spelling.rule()));
    }

    private static Optional<Complaint> host(Scalar scalar, Collection<String> hosts) {
        if (hosts.contains(scalar.text())) {
            return Optional.empty();
        }
        String trap = TextFormat.isYamlWord(scalar.text())
                ? "; YAML parsers can read this word as true, false or null, so a host cannot have this name"
                : "";
        return Optional.of(new Complaint(
                "no host has the name " + quoted(scalar.written()) + trap,
                hosts.isEmpty()
                        ? "declare it under hosts"
                        : Suggestion.hint(scalar.written(), hosts, "the hosts are: ")));
    }

    private static Optional<Complaint> wrong(Scalar scalar, ConfigSchema shape, String what, String hint) {
        return Optional.of(
                new Complaint(quoted(what) + " must be " + shape.noun() + ", not " + quoted(scalar.written()), hint));
    }

    /** Returns a word of the file for messages: quoted and shortened. */
    static String quoted(String text) {
        if (text.isEmpty()) {
            return "nothing";
        }
        return "\"" + (text.length() > 60 ? text.substring(0, 57) + "..." : text) + "\"";
    }
}
