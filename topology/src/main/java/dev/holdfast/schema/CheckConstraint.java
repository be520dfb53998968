package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;

/** A check constraint over two or more fields of a row. */
public record CheckConstraint(SourceLocation place, String name, Rule rule) {

    /** The condition of a check. */
    public sealed interface Rule {
        List<String> fields();
    }

    /** A comparison of two fields; true if either is absent. */
    public record Compare(String left, String sign, String right) implements Rule {
        @Override
        public List<String> fields() {
            return List.of(left, right);
        }
    }

    /** At least one of several optional fields has a value. */
    public record AnyOf(List<String> fields) implements Rule {
        public AnyOf {
            fields = List.copyOf(fields);
        }
    }

    /** Returns the form of the dictionary file. */
    public String written() {
        return rule instanceof Compare c
                ? c.left() + " " + c.sign() + " " + c.right()
                : String.join(" or ", rule.fields());
    }
}
