package dev.holdfast.mongodb;

import java.util.List;
import java.util.Map;

/** A document that MongoDB answered, read by key; what is missing reads as empty, zero or false. */
record Doc(Map<String, Object> fields) {

    static final Doc EMPTY = new Doc(Map.of());

    @SuppressWarnings("unchecked")
    static Doc of(Object value) {
        return value instanceof Map<?, ?> map ? new Doc((Map<String, Object>) map) : EMPTY;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    boolean has(String key) {
        return fields.get(key) != null;
    }

    Doc doc(String key) {
        return of(fields.get(key));
    }

    List<Doc> docs(String key) {
        return fields.get(key) instanceof List<?> list
                ? list.stream().map(Doc::of).toList()
                : List.of();
    }

    List<String> texts(String key) {
        return fields.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** The documents of a cursor's first batch. */
    List<Doc> batch() {
        return doc("cursor").docs("firstBatch");
    }

    String text(String key) {
        Object value = fields.get(key);
        return value == null ? "" : value.toString();
    }

    long number(String key) {
        return fields.get(key) instanceof Number number ? number.longValue() : 0;
    }

    double decimal(String key) {
        return fields.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    boolean is(String key) {
        return Boolean.TRUE.equals(fields.get(key));
    }

    /** The seconds of a BSON timestamp. */
    long seconds(String key) {
        return doc(key).doc("$timestamp").number("t");
    }
}
