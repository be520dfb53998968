package dev.holdfast.cli.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema of every document that commands print with {@code -o json}: {@code examples/output.schema.json}. */
public final class OutputSchema {

    private static final String FILE = "/examples/output.schema.json";

    private OutputSchema() {}

    /** Returns the published schema. */
    public static String text() {
        try (InputStream schema = OutputSchema.class.getResourceAsStream(FILE)) {
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
