package dev.holdfast.cli.files;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Replaces {@code ${env:NAME}} and {@code ${var:NAME}} by their values; {@code $${} is a literal {@code ${}. */
final class VariableSubstitution {

    /**
     * The result of a substitution.
     *
     * @param at where in the text the problem begins
     * @param trouble what could not be replaced; never a value
     */
    record Filled(String text, boolean isFilled, int at, Optional<String> trouble, String hint) {}

    private final Map<String, String> vars;
    private final Map<String, String> env;
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    VariableSubstitution(Map<String, String> vars, Map<String, String> env) {
        this.vars = vars;
        this.env = env;
    }

    /** Returns the names of {@code ${var:NAME}} in all texts so far. */
    Set<String> named() {
        return named;
    }

    Filled fill(String text) {
        if (text.indexOf("${") < 0) {
            return new Filled(text, false, 0, Optional.empty(), "");
        }
        StringBuilder filled = new StringBuilder();
        boolean any = false;
        int at = 0;
        for (int next = text.indexOf("${"); next >= 0; next = text.indexOf("${", at)) {
            if (next > at && text.charAt(next - 1) == '$') {
                filled.append(text, at, next - 1).append("${");
                at = next + 2;
                continue;
            }
            filled.append(text, at, next);
            int end = text.indexOf('}', next);
            if (end < 0) {
                return trouble(next, "${ without its }", "write ${env:NAME}, or $${ for a literal ${");
            }
            Filled value = value(text.substring(next + 2, end), next);
            if (value.trouble().isPresent()) {
                return value;
            }
            filled.append(value.text());
            any = true;
            at = end + 1;
        }
        return new Filled(filled.append(text, at, text.length()).toString(), any, 0, Optional.empty(), "");
    }

    private Filled value(String inside, int at) {
        int colon = inside.indexOf(':');
        String kind = colon < 0 ? "" : inside.substring(0, colon);
        int otherwise = inside.indexOf(":-", colon + 1);
        String name = inside.substring(colon + 1, otherwise < 0 ? inside.length() : otherwise);
        if (!kind.equals("env") && !kind.equals("var") || name.isEmpty()) {
            return trouble(
                    at,
                    "${" + inside + "} is not a known variable",
                    "write ${env:NAME}, ${env:NAME:-otherwise} or ${var:NAME}; $${ for a literal ${");
        }
        if (kind.equals("var")) {
            named.add(name);
        }
        String value = kind.equals("env") ? env.get(name) : vars.get(name);
        if (kind.equals("env") && otherwise >= 0 && "".equals(value)) {
            value = null;
        }
        if (value == null && otherwise < 0) {
            return kind.equals("env")
                    ? trouble(
                            at,
                            "the environment variable " + name + " is not set",
                            "set it, or write ${env:" + name + ":-otherwise}")
                    : trouble(
                            at,
                            "no --var sets " + name,
                            "add --var " + name + "=VALUE, or write ${var:" + name + ":-otherwise}");
        }
        return new Filled(value == null ? inside.substring(otherwise + 2) : value, true, 0, Optional.empty(), "");
    }

    private static Filled trouble(int at, String what, String hint) {
        return new Filled("", true, at, Optional.of(what), hint);
    }
}
