package dev.holdfast.schema.config;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.schema.ObjectNames;
import java.util.Optional;
import java.util.regex.Pattern;

/** What entities, fields, indexes and domains may be called, so that both engines keep the name as it is. */
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
                            + " bytes; PostgreSQL keeps " + ObjectNames.LONGEST,
                    "take a shorter name"));
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of(Problem.error(
                    place,
                    what + " cannot be called \"" + name + "\"",
                    "letters, digits and _ only, beginning with a letter or _; a reserved word is fine"));
        }
        return Optional.empty();
    }
}
