package dev.holdfast.execution;

import java.util.List;
import java.util.Map;

/**
 * The result of an action: done, refused with a code, or no answer.
 *
 * @param outcome whether it was done, refused by the other side, or not answered
 * @param code exit code, SQLSTATE or the error code of a document command, as text; empty when OK or SILENT
 * @param text standard output, or the server's message, or why there is no answer
 * @param rows the rows of an SQL query, the one reply of a document command, or the JSON documents that a script passes on;
 *     empty otherwise
 */
public record ActionResult(Outcome outcome, String code, String text, List<Map<String, Object>> rows) {

    /** Done, refused by the host or server with a code, or no answer within the deadline. */
    public enum Outcome {
        OK,
        REFUSED,
        SILENT
    }

    public static ActionResult ok(String text) {
        return new ActionResult(Outcome.OK, "", text, List.of());
    }

    public static ActionResult ok(List<Map<String, Object>> rows) {
        return new ActionResult(Outcome.OK, "", "", rows);
    }

    public static ActionResult refused(String code, String text) {
        return new ActionResult(Outcome.REFUSED, code, text, List.of());
    }

    /** The code of an action that was not sent, because the value of a secret is not known on this machine. */
    public static final String NO_SECRET = "NO_SECRET";

    private static final String HINT = "; HINT: ";

    /** Returns a result for an action that was not sent, because a secret is not known here. */
    public static ActionResult withoutSecret(String why, String hint) {
        return refused(NO_SECRET, why + (hint.isEmpty() ? "" : HINT + hint));
    }

    public static ActionResult silent(String why) {
        return new ActionResult(Outcome.SILENT, "", why, List.of());
    }

    public boolean isOk() {
        return outcome == Outcome.OK;
    }

    public boolean isSilent() {
        return outcome == Outcome.SILENT;
    }

    public boolean isRefused(String... codes) {
        return outcome == Outcome.REFUSED
                && (codes.length == 0 || List.of(codes).contains(code));
    }

    /** Returns the first row or the reply document; empty when there is none. */
    public Map<String, Object> row() {
        return rows.isEmpty() ? Map.of() : rows.get(0);
    }

    /** Returns the sentence without its hint. */
    public String withoutHint() {
        return code.equals(NO_SECRET) ? reason().strip() : sentence();
    }

    /** Returns the text without its hint. */
    public String reason() {
        int hint = text.indexOf(HINT);
        return hint < 0 ? text : text.substring(0, hint);
    }

    /** Returns the hint, if there is one; else empty. */
    public String hint() {
        int hint = text.indexOf(HINT);
        return hint < 0 ? "" : text.substring(hint + HINT.length());
    }

    /** Returns what went wrong, in the host's or server's words. */
    public String sentence() {
        return switch (outcome) {
            case OK -> "done";
            case REFUSED -> code.equals(NO_SECRET) ? text.strip() : "refused (" + code + "): " + text.strip();
            case SILENT -> text.startsWith("no answer") ? text.strip() : "no answer: " + text.strip();
        };
    }
}
