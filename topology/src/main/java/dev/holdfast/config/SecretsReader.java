package dev.holdfast.config;

import dev.holdfast.model.SecretRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The reader of the sources of secrets; the file never contains secrets. */
final class SecretsReader {

    private SecretsReader() {}

    static Map<String, SecretRef.Source> read(ConfigCursor secrets) {
        Map<String, SecretRef.Source> sources = new LinkedHashMap<>();
        for (ConfigCursor secret : secrets.entries()) {
            source(secret.text("")).ifPresent(s -> sources.put(secret.name(), s));
        }
        return sources;
    }

    static Optional<SecretRef.Source> source(String text) {
        if (text.equals("generated")) {
            return Optional.of(new SecretRef.Source.Generated());
        }
        if (text.startsWith("env:")) {
            return Optional.of(new SecretRef.Source.Env(text.substring("env:".length())));
        }
        return text.startsWith("file:")
                ? Optional.of(new SecretRef.Source.File(text.substring("file:".length())))
                : Optional.empty();
    }
}
