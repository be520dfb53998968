package dev.holdfast.execution;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The answer of a host to a script whose output has a {@link ScriptFormat}.
 *
 * @param result the result of the script; SILENT when its output is truncated or does not have the format
 * @param records the records in the order of the output; empty unless the result is OK
 */
public record ScriptAnswer(ActionResult result, List<Record> records) {

    /** Returns an answer that was not requested or did not arrive. */
    public static ScriptAnswer silent(String why) {
        return new ScriptAnswer(ActionResult.silent(why), List.of());
    }

    public boolean isOk() {
        return result.isOk();
    }

    public String sentence() {
        return result.sentence();
    }

    /** Returns the records of one type. */
    public <T extends Record> List<T> all(Class<T> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the records of one type that belong to one node. */
    public <T extends Record> List<T> all(Class<T> type, Predicate<T> belongs) {
        return all(type).stream().filter(belongs).toList();
    }

    /** Returns the first record of one type that fits. */
    public <T extends Record> Optional<T> first(Class<T> type, Predicate<T> fits) {
        return all(type).stream().filter(fits).findFirst();
    }
}
