package dev.holdfast.engine;

import static dev.holdfast.engine.Examiner.quoted;

import dev.holdfast.engine.Tree.Scalar;
import dev.holdfast.model.Amounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether one value fits its shape, and what to say when it does not. */
final class Fit {

    /** What is wrong with a value and what to try. */
    record Complaint(String what, String hint) {}

    private Fit() {}

    /** Whether a tree is a value, a list or a map as the shape wants. */
    static boolean isKind(Tree tree, Shape shape) {
        if (shape instanceof Shape.Free) {
            return true;
        }
        if (shape instanceof Shape.Either either) {
            return either.shapes().stream().anyMatch(s -> isKind(tree, s));
        }
        if (shape instanceof Shape.Keys || shape instanceof Shape.Named || shape instanceof Shape.Switch) {
            return tree instanceof Tree.Mapping;
        }
        if (shape instanceof Shape.ListOf) {
            return tree instanceof Tree.Sequence;
        }
        return tree instanceof Scalar scalar && !scalar.isEmpty();
    }

    /** What to try when a tree is not of the kind that a key wants. */
    static String hint(Tree tree, Shape shape, String key) {
        boolean lone = shape instanceof Shape.ListOf && tree instanceof Scalar;
        return lone ? "put it in brackets: [ " + ((Scalar) tree).written() + " ]" : Sample.hint(key, shape);
    }

    static Optional<Complaint> complaint(Scalar scalar, Shape shape, String what, Collection<String> hosts) {
        if (shape instanceof Shape.Text text) {
            return spelling(scalar, text.spelling(), what);
        }
        if (shape instanceof Shape.HostName) {
            return host(scalar, hosts);
        }
        if (shape instanceof Shape.Either either) {
            return either(scalar, either, what, hosts);
        }
        if (shape instanceof Shape.Words words) {
            return words.words().contains(scalar.text())
                    ? Optional.empty()
                    : wrong(
                            scalar,
                            shape,
                            what,
                            Nearest.to(scalar.written(), words.words())
                                    .map(w -> "did you mean \"" + w + "\"?")
                                    .orElse("write " + words.noun()));
        }
        return amount(scalar, shape) ? Optional.empty() : wrong(scalar, shape, what, amountHint(scalar, shape));
    }

    /** Nothing when one of the alternatives fits; a host's name is what was meant where one may stand. */
    private static Optional<Complaint> either(
            Scalar scalar, Shape.Either either, String what, Collection<String> hosts) {
        List<String> words = new ArrayList<>();
        Optional<Complaint> host = Optional.empty();
        for (Shape shape : either.shapes()) {
            Optional<Complaint> complaint =
                    isKind(scalar, shape) ? complaint(scalar, shape, what, hosts) : wrong(scalar, shape, what, "");
            if (complaint.isEmpty()) {
                return complaint;
            }
            host = shape instanceof Shape.HostName && !scalar.isEmpty() ? complaint : host;
            words.addAll(shape instanceof Shape.Words some ? some.words() : List.of());
        }
        if (scalar.isEmpty()) {
            return Optional.of(
                    new Complaint(quoted(what) + " is empty", Sample.hint(what, either) + ", or leave the key out"));
        }
        Optional<String> near = Nearest.to(scalar.written(), words);
        String hint = near.map(w -> "did you mean \"" + w + "\"?").orElse(Sample.hint(what, either));
        return host.isPresent() ? host : wrong(scalar, either, what, hint);
    }

    private static boolean amount(Scalar scalar, Shape shape) {
        String text = scalar.text();
        if (shape instanceof Shape.Flag) {
            return scalar.mayBe(Scalar.Kind.FLAG) && (text.equals("true") || text.equals("false"));
        }
        if (shape instanceof Shape.Whole whole) {
            return scalar.mayBe(Scalar.Kind.NUMBER)
                    && Amounts.whole(text)
                            .filter(n -> n >= whole.least() && n <= whole.most())
                            .isPresent();
        }
        if (shape instanceof Shape.Decimal decimal) {
            return scalar.mayBe(Scalar.Kind.NUMBER)
                    && Amounts.decimal(text)
                            .filter(n -> n >= decimal.least() && n <= decimal.most())
                            .isPresent();
        }
        return shape instanceof Shape.Span
                ? Amounts.span(text).isPresent()
                : Amounts.megabytes(text).isPresent();
    }

    private static String amountHint(Scalar scalar, Shape shape) {
        boolean bare = Amounts.whole(scalar.written()).isPresent();
        boolean quoted = scalar.kind() == Scalar.Kind.TEXT;
        if (quoted
                && (bare && !(shape instanceof Shape.Span) && !(shape instanceof Shape.Size)
                        || scalar.text().equals("true")
                        || scalar.text().equals("false"))) {
            return "write it without quotes";
        }
        if (shape instanceof Shape.Flag && Spelling.isYamlWord(scalar.written())) {
            return "write true or false; " + scalar.written() + " is read differently by different YAML readers";
        }
        if (shape instanceof Shape.Span && bare) {
            return "add the unit: " + scalar.written() + "s for seconds, " + scalar.written() + "m for minutes";
        }
        if (shape instanceof Shape.Size && bare) {
            return "add the unit: " + scalar.written() + "MB or " + scalar.written() + "GB";
        }
        if (shape instanceof Shape.Span || shape instanceof Shape.Size) {
            return shape instanceof Shape.Span ? "such as 250ms, 30s, 5m, 1h or 1d" : "such as 512MB or 2GB";
        }
        return shape instanceof Shape.Flag ? "write true or false" : "give a number in that range";
    }

    private static Optional<Complaint> spelling(Scalar scalar, Spelling spelling, String what) {
        boolean name = spelling == Spelling.NAME || spelling == Spelling.HOST;
        boolean anyKind = spelling == Spelling.LINE || scalar.mayBe(Scalar.Kind.TEXT);
        if (anyKind && spelling.accepts(scalar.text())) {
            return Optional.empty();
        }
        String shown = spelling.mayBeShown() ? quoted(scalar.written()) : "what stands here";
        if (name && Spelling.isYamlWord(scalar.text())) {
            return Optional.of(new Complaint(
                    shown + " cannot be " + spelling.noun() + ": YAML readers may take it for true, false or nothing",
                    "choose another name, such as " + quoted(scalar.written() + "1")));
        }
        if (spelling.accepts(scalar.text())) {
            return Optional.of(
                    new Complaint(shown + " is " + scalar.noun() + ", where a text is wanted", "put it in quotes"));
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
        String trap = Spelling.isYamlWord(scalar.text())
                ? "; YAML readers may take this word for true, false or nothing, so no host may be called so"
                : "";
        return Optional.of(new Complaint(
                "no host is called " + quoted(scalar.written()) + trap,
                hosts.isEmpty() ? "declare it under hosts" : Nearest.hint(scalar.written(), hosts, "the hosts are: ")));
    }

    private static Optional<Complaint> wrong(Scalar scalar, Shape shape, String what, String hint) {
        return Optional.of(
                new Complaint(quoted(what) + " must be " + shape.noun() + ", not " + quoted(scalar.written()), hint));
    }
}
