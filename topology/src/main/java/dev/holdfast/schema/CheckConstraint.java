package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;

/** A rule that holds inside every row, over two or more of its fields. */
public record CheckConstraint(SourceLocation place, String name, Rule rule) {

    /** What a check says. */
    public sealed interface Rule {
        List<String> fields();
    }

    /** One field compared with another; true when either is absent. */
    public record Compare(String left, String sign, String right) implements Rule {
        @Override
        public List<String> fields() {
            return List.of(left, right);
        }
    }

    /** At least one of some optional fields is given. */
    public record AnyOf(List<String> fields) implements Rule {
        public AnyOf {
            fields = List.copyOf(fields);
        }
    }

    /** As it is written in a dictionary. */
    public String written() {
        return rule instanceof Compare c
                ? c.left() + " " + c.sign() + " " + c.right()
                : String.join(" or ", rule.fields());
    }
}
