package dev.holdfast.engine;

import dev.holdfast.model.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads where secrets come from; the secrets themselves never stand in the file. */
final class SecretsReader {

    private SecretsReader() {}

    static Map<String, Secret.Source> read(Reading secrets) {
        Map<String, Secret.Source> sources = new LinkedHashMap<>();
        for (Reading secret : secrets.entries()) {
            source(secret.text("")).ifPresent(s -> sources.put(secret.name(), s));
        }
        return sources;
    }

    static Optional<Secret.Source> source(String text) {
        if (text.equals("generated")) {
            return Optional.of(new Secret.Source.Generated());
        }
        if (text.startsWith("env:")) {
            return Optional.of(new Secret.Source.Env(text.substring("env:".length())));
        }
        return text.startsWith("file:")
                ? Optional.of(new Secret.Source.File(text.substring("file:".length())))
                : Optional.empty();
    }
}
