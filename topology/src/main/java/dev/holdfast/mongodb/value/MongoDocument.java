package dev.holdfast.mongodb.value;

import java.util.List;
import java.util.Map;

/** A document from MongoDB, read by key; a missing field reads as empty, zero or false. */
public record MongoDocument(Map<String, Object> fields) {

    public static final MongoDocument EMPTY = new MongoDocument(Map.of());

    @SuppressWarnings("unchecked")
    public static MongoDocument of(Object value) {
        return value instanceof Map<?, ?> map ? new MongoDocument((Map<String, Object>) map) : EMPTY;
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    public boolean has(String key) {
        return fields.get(key) != null;
    }

    public MongoDocument doc(String key) {
        return of(fields.get(key));
    }

    public List<MongoDocument> docs(String key) {
        return fields.get(key) instanceof List<?> list
                ? list.stream().map(MongoDocument::of).toList()
                : List.of();
    }

    public List<String> texts(String key) {
        return fields.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Returns the documents of a cursor's first batch. */
    public List<MongoDocument> batch() {
        return doc("cursor").docs("firstBatch");
    }

    public String text(String key) {
        Object value = fields.get(key);
        return value == null ? "" : value.toString();
    }

    public long number(String key) {
        return fields.get(key) instanceof Number number ? number.longValue() : 0;
    }

    public double decimal(String key) {
        return fields.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    public boolean is(String key) {
        return Boolean.TRUE.equals(fields.get(key));
    }

    /** Returns the seconds of a BSON timestamp. */
    public long seconds(String key) {
        return doc(key).doc("$timestamp").number("t");
    }
}
