package dev.holdfast.cli.advice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.model.Problem.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The file of a lint rule: what it finds and why, with an example that it finds and one that it does not find.
 *
 * @param severity the severity of its findings
 * @param title what the rule finds
 * @param reason what that leads to
 * @param source the title of the page that the rule follows
 * @param hint what to write instead
 * @param base the name of the topology that both examples change
 * @param fails the change of that topology that the rule finds
 * @param passes the change of that topology without a finding
 */
public record RuleFile(
        String id,
        Severity severity,
        String title,
        String reason,
        String source,
        String hint,
        String base,
        JsonNode fails,
        JsonNode passes) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Reads the file of a rule. */
    public static RuleFile of(String id) {
        try (InputStream file = RuleFile.class.getResourceAsStream("/advice/" + id + ".yaml")) {
            if (file == null) {
                throw new IllegalArgumentException("the rule " + id + " has no file");
            }
            JsonNode rule = YAML.readTree(file);
            return new RuleFile(
                    rule.path("id").asText(),
                    Severity.valueOf(rule.path("severity").asText()),
                    rule.path("title").asText(),
                    rule.path("reason").asText(),
                    rule.path("source").asText(),
                    rule.path("hint").asText(),
                    rule.path("base").asText(),
                    rule.path("fails"),
                    rule.path("passes"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
