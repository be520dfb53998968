package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.holdfast.config.ConfigNode;
import dev.holdfast.config.ConfigNode.Entry;
import dev.holdfast.config.ConfigNode.Scalar;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses YAML text into a tree with locations: one document without anchors, aliases, merges or tags. */
final class YamlParser {

    private static final int DEEPEST = 32;
    private static final YAMLFactory YAML = YAMLFactory.builder().build();

    private final String file;
    private final List<String> lines;

    /** How far {@link #first} has counted, so that a long line is not counted again for each of its values. */
    private String readLine = "";

    private int readColumns;
    private int readIndex;
    private final VariableSubstitution fill;
    private final List<Problem> problems;
    private final YAMLParser parser;

    private YamlParser(String file, String text, VariableSubstitution fill, List<Problem> problems) throws IOException {
        this.file = file;
        this.lines = lines(text);
        this.fill = fill;
        this.problems = problems;
        this.parser = YAML.createParser(text);
    }

    /** Returns the lines as YAML counts them. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                lines.add(text.substring(start, i));
                i += text.startsWith("\r\n", i) ? 1 : 0;
                start = i + 1;
            }
        }
        lines.add(text.substring(start));
        return lines;
    }

    /** Returns the tree, or nothing when the text is not YAML; reports the problems. */
    static Optional<ConfigNode> read(String file, String text, VariableSubstitution fill, List<Problem> problems) {
        try {
            return new YamlParser(file, text, fill, problems).document();
        } catch (JsonProcessingException broken) {
            problems.add(YamlErrors.problem(file, text, broken));
        } catch (IOException | RuntimeException broken) {
            problems.add(Problem.error(
                    new SourceLocation(file, 1, 1),
                    "this is not YAML: " + YamlErrors.inPlainWords(YamlErrors.firstLine(broken)),
                    YamlErrors.HINT));
        }
        return Optional.empty();
    }

    private Optional<ConfigNode> document() throws IOException {
        try (parser) {
            if (parser.nextToken() == null) {
                problems.add(Problem.error(
                        new SourceLocation(file, 1, 1),
                        "the file is empty",
                        "begin with apiVersion: holdfast.dev/v1; see examples/"));
                return Optional.empty();
            }
            ConfigNode tree = tree(0);
            if (tree != null && parser.nextToken() != null) {
                report(place(), "a second document begins here", "keep one document per file; remove the line ---");
            }
            return Optional.ofNullable(tree);
        }
    }

    /** Parses what begins at the current token; null when it is nested too deep. */
    private ConfigNode tree(int depth) throws IOException {
        SourceLocation place = place();
        boolean isAlias = refuseAliasesAndTags(place, true);
        if (isAlias) {
            return Scalar.reported(place);
        }
        if (depth > DEEPEST) {
            report(place, "the file is nested deeper than " + DEEPEST + " levels", "is it a topology file?");
            return null;
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(place, depth);
            case START_ARRAY -> sequence(place, depth);
            default -> scalar(place);
        };
    }

    private ConfigNode mapping(SourceLocation place, int depth) throws IOException {
        List<Entry> entries = new ArrayList<>();
        boolean isMerge = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            SourceLocation keyPlace = place();
            isMerge |= parser.currentName().equals("<<");
            refuseAliasesAndTags(keyPlace, false);
            String key = clean(parser.currentName(), keyPlace);
            parser.nextToken();
            ConfigNode value = tree(depth + 1);
            if (value == null) {
                return null;
            }
            entries.add(new Entry(keyPlace, key, value));
        }
        if (isMerge) {
            report(place, "merge keys (<<) are not supported", "write the keys out");
            return Scalar.reported(place);
        }
        return new ConfigNode.Mapping(place, entries);
    }

    private ConfigNode sequence(SourceLocation place, int depth) throws IOException {
        List<ConfigNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            ConfigNode item = tree(depth + 1);
            if (item == null) {
                return null;
            }
            items.add(item);
        }
        return new ConfigNode.Sequence(place, items);
    }

    private Scalar scalar(SourceLocation place) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return new Scalar(place, "", "", Scalar.Kind.NOTHING);
        }
        String text = parser.getText();
        if (text.isEmpty() && !isQuoted(place)) {
            return new Scalar(place, "", "", Scalar.Kind.NOTHING);
        }
        String written = clean(text, place);
        if (!written.equals(text)) {
            return Scalar.reported(place);
        }
        VariableSubstitution.Filled filled = fill.fill(written);
        if (filled.trouble().isPresent()) {
            report(within(place, written, filled.at()), filled.trouble().get(), filled.hint());
            return Scalar.reported(place);
        }
        if (filled.isFilled() && !isPrintable(filled.text())) {
            report(place, "the value of " + written + " contains control characters", "use one line of printable text");
            return Scalar.reported(place);
        }
        return new Scalar(place, filled.text(), written, filled.isFilled() ? Scalar.Kind.FILLED : kind());
    }

    private Scalar.Kind kind() {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Scalar.Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> Scalar.Kind.FLAG;
            default -> Scalar.Kind.TEXT;
        };
    }

    /** Rejects anchors, aliases and tags; returns whether the event is an alias. */
    private boolean refuseAliasesAndTags(SourceLocation place, boolean isValue) throws IOException {
        boolean isAlias = first(place) == '*' && (!isValue || parser.currentToken() == JsonToken.VALUE_STRING);
        if (isAlias) {
            report(place, "aliases (*) are not supported", "write the value itself here");
        } else if (isValue ? parser.getObjectId() != null : first(place) == '&') {
            report(place, "anchors (&) are not supported", "write the value itself in each place");
        }
        if (isValue ? parser.getTypeId() != null : first(place) == '!') {
            report(place, "tags (!) are not supported", "remove it");
        }
        return isAlias;
    }

    /** Rejects line breaks, control characters and halves of characters, which a topology must not contain. */
    private String clean(String text, SourceLocation place) {
        if (isPrintable(text)) {
            return text;
        }
        report(place, "this value contains a line break or control character", "use one line of printable text");
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : '?'));
        return clean.toString();
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isPrintable(text.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(int c) {
        boolean isPlain = c >= ' ' && c <= '~';
        return isPlain || isPrintableBeyondAscii(c);
    }

    private static boolean isPrintableBeyondAscii(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /** Returns the place of a part of a value that stands on one line unchanged. */
    private SourceLocation within(SourceLocation place, String written, int offset) {
        int start = place.column() - 1 + (isQuoted(place) ? 1 : 0);
        boolean asItIs = line(place).startsWith(written, start);
        return asItIs ? new SourceLocation(file, place.line(), start + 1 + offset) : place;
    }

    private boolean isQuoted(SourceLocation place) {
        return first(place) == '"' || first(place) == '\'';
    }

    /** Returns the character at a place; columns count a character beyond the basic plane once. */
    private int first(SourceLocation place) {
        String line = line(place);
        int desired = place.column() - 1;
        if (line != readLine || desired < readColumns) {
            readLine = line;
            readColumns = 0;
            readIndex = 0;
        }
        while (readColumns < desired && readIndex < line.length()) {
            readIndex += Character.charCount(line.codePointAt(readIndex));
            readColumns++;
        }
        return readIndex < line.length() ? line.codePointAt(readIndex) : ' ';
    }

    private String line(SourceLocation place) {
        return place.line() <= lines.size() ? lines.get(place.line() - 1) : "";
    }

    private SourceLocation place() {
        JsonLocation at = parser.currentTokenLocation();
        return new SourceLocation(file, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
    }

    private void report(SourceLocation place, String what, String hint) {
        problems.add(Problem.error(place, what, hint));
    }
}
