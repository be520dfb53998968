package dev.holdfast.execution;

import java.util.LinkedHashMap;
import java.util.Map;

/** One line of a script's output: a JSON object without nested values. */
final class JsonLine {

    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    private final String line;
    private int at;

    private JsonLine(String line) {
        this.line = line;
    }

    /** Returns the values by name, numbers as text; throws where the line is no such object. */
    static Map<String, String> parse(String line) {
        return new JsonLine(line).object();
    }

    private Map<String, String> object() {
        Map<String, String> values = new LinkedHashMap<>();
        expect('{');
        do {
            String name = string();
            expect(':');
            String value = line.startsWith("\"", at) ? string() : number();
            if (values.put(name, value) != null) {
                throw broken(name + " occurs twice");
            }
        } while (isNext(','));
        expect('}');
        if (at < line.length()) {
            throw broken("text after the end of the record");
        }
        return values;
    }

    private boolean isNext(char c) {
        boolean isNext = at < line.length() && line.charAt(at) == c;
        at += isNext ? 1 : 0;
        return isNext;
    }

    private void expect(char c) {
        if (!isNext(c)) {
            throw broken("no " + c + " at character " + (at + 1));
        }
    }

    private String number() {
        int begin = at;
        while (at < line.length() && Character.isDigit(line.charAt(at))) {
            at++;
        }
        if (begin == at) {
            throw broken("no value at character " + (at + 1));
        }
        return line.substring(begin, at);
    }

    private String string() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (!isNext('"')) {
            char c = next();
            if (c < ' ') {
                throw broken("a control code at character " + at);
            }
            text.append(c == '\\' ? escaped() : c);
        }
        return text.toString();
    }

    private char next() {
        if (at == line.length()) {
            throw broken("no end of the text");
        }
        return line.charAt(at++);
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw broken("an unknown escape at character " + at);
        };
    }

    /** Returns the character of an escape; a control code becomes U+FFFD, because a terminal would obey it. */
    private char unicode() {
        if (line.length() - at < HEX_DIGITS) {
            throw broken("no end of the text");
        }
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = Character.digit(next(), HEX);
            if (digit < 0) {
                throw broken("an unknown escape at character " + at);
            }
            code = code * HEX + digit;
        }
        boolean isControl = Character.getType(code) == Character.CONTROL || Character.getType(code) == Character.FORMAT;
        return isControl && code != '\n' && code != '\t' ? '\uFFFD' : (char) code;
    }

    private static UnreadableRecordException broken(String why) {
        return new UnreadableRecordException(why);
    }
}
