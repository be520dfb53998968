package dev.holdfast.world;

import java.util.List;
import java.util.Map;

/**
 * What came back.
 *
 * @param outcome whether it was done, refused by the other side, or not answered
 * @param code exit code, SQLSTATE or MongoDB error code as text; empty when OK or SILENT
 * @param text standard output, or the other side's own words, or why it is silent
 * @param rows the rows of an SQL query, or the one reply document of a MongoDB command; empty otherwise
 */
public record Answer(Outcome outcome, String code, String text, List<Map<String, Object>> rows) {

    /** Done, refused by the other side with a code, or no answer within the deadline. */
    public enum Outcome {
        OK,
        REFUSED,
        SILENT
    }

    public static Answer ok(String text) {
        return new Answer(Outcome.OK, "", text, List.of());
    }

    public static Answer ok(List<Map<String, Object>> rows) {
        return new Answer(Outcome.OK, "", "", rows);
    }

    public static Answer refused(String code, String text) {
        return new Answer(Outcome.REFUSED, code, text, List.of());
    }

    public static Answer silent(String why) {
        return new Answer(Outcome.SILENT, "", why, List.of());
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

    /** The first row or the reply document; empty when there is none. */
    public Map<String, Object> row() {
        return rows.isEmpty() ? Map.of() : rows.get(0);
    }

    /** For people: what went wrong, in the other side's words. */
    public String sentence() {
        return switch (outcome) {
            case OK -> "done";
            case REFUSED -> "refused (" + code + "): " + text.strip();
            case SILENT -> "no answer: " + text.strip();
        };
    }
}
