package dev.holdfast.schema.config;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.schema.ObjectNames;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for names of entities, fields, indexes and domains that both engines store unchanged. */
final class NameRules {

    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

    private NameRules() {}

    static void check(ConfigCursor at, String name, String what) {
        problem(at.place(), name, what).ifPresent(p -> at.wrong(p.what(), p.hint()));
    }

    static Optional<Problem> problem(SourceLocation place, String name, String what) {
        if (ObjectNames.bytes(name) > ObjectNames.LONGEST) {
            return Optional.of(Problem.error(
                    place,
                    what + " \"" + name.substring(0, 16) + "...\" has " + ObjectNames.bytes(name)
                            + " bytes; PostgreSQL allows " + ObjectNames.LONGEST,
                    "choose a shorter name"));
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of(Problem.error(
                    place,
                    what + " cannot have the name \"" + name + "\"",
                    "use letters, digits and _ only, beginning with a letter or _; reserved words are allowed"));
        }
        return Optional.empty();
    }
}
