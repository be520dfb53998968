package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import java.util.regex.Pattern;

/** The reasons, in plain words, why a text is not YAML. */
final class YamlErrors {

    static final String HINT = "compare with examples/swapskill/topology.yaml";

    private static final String NO_TEXT_KEY = "a key must be plain text, and this one is a list, a map or has a tag";
    private static final String BINARY = "the tag !!binary is not supported";
    /** Names of Java classes and packages. */
    private static final Pattern INTERNAL =
            Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.){2,}|\\b[A-Z]\\w*(?:Event|Token|Exception|Variant)\\b");

    private YamlErrors() {}

    static Problem problem(String file, String text, JsonProcessingException broken) {
        JsonLocation at = broken.getLocation();
        int line = at == null ? 1 : Math.max(1, at.getLineNr());
        int column = at == null ? 1 : Math.max(1, at.getColumnNr());
        String message = inPlainWords(firstLine(broken));
        String[] lines = text.split("\n", -1);
        String source = line <= lines.length ? lines[line - 1] : "";
        return Problem.error(
                new SourceLocation(file, line, column), "this is not YAML: " + message, hint(message, source));
    }

    /** Removes the names of the parser's own classes, and its remarks about its own configuration. */
    static String inPlainWords(String message) {
        if (message.contains("Expected a field name")) {
            return NO_TEXT_KEY;
        }
        if (message.contains("base64") || message.contains("Base64")) {
            return BINARY;
        }
        return INTERNAL.matcher(message).find() ? "the value or key that begins here is not supported" : message;
    }

    private static String hint(String message, String source) {
        if (message.equals(NO_TEXT_KEY)) {
            return "write a word before the colon";
        }
        if (message.equals(BINARY)) {
            return "write the value as text, without a tag";
        }
        if (message.contains("TAB")
                || source.startsWith("\t")
                || source.strip().length() < source.length() && source.indexOf('\t') >= 0) {
            return "indent with spaces; this line contains a tab";
        }
        if (message.contains("mapping values are not allowed")) {
            return "check the indentation, and put values with a colon and a space in quotes";
        }
        if (message.contains("expected <block end>")) {
            return "check the indentation of this line against the lines above";
        }
        if (message.contains("expected ',' or")) {
            return "a bracket or brace of this or an earlier line is not closed";
        }
        if (message.contains("found unexpected end of stream") || message.contains("quoted scalar")) {
            return "a quote is not closed";
        }
        return message.contains("cannot start any token") ? "put the value in quotes" : HINT;
    }

    /** Returns the first line of a message, without the library's remarks about itself. */
    static String firstLine(Exception broken) {
        String message =
                broken instanceof JsonProcessingException json ? json.getOriginalMessage() : broken.getMessage();
        String text = message == null ? broken.getClass().getSimpleName() : message.strip();
        String[] lines = text.split("\n");
        String last = lines[0];
        for (int i = 1; i < lines.length; i++) {
            boolean hasText =
                    lines[i].startsWith("expected") || lines[i].startsWith("found") || lines[i].startsWith("mapping");
            last = hasText && !last.contains(lines[i]) ? last + ", " + lines[i].strip() : last;
        }
        return last.length() > 200 ? last.substring(0, 197) + "..." : last;
    }
}
