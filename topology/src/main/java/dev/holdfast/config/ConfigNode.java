package dev.holdfast.config;

import dev.holdfast.model.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parsed contents of a file before interpretation, with the location of each part. */
public sealed interface ConfigNode {

    SourceLocation place();

    /** Returns the kind for messages, for example "a list". */
    String noun();

    /**
     * One value.
     *
     * @param text the value, with {@code ${...}} substituted
     * @param written the value as written in the file, the only form that is printed
     */
    record Scalar(SourceLocation place, String text, String written, Kind kind) implements ConfigNode {

        /** The apparent kind of a value. */
        public enum Kind {
            TEXT,
            NUMBER,
            FLAG,
            /** No value. */
            NOTHING,
            /** A value that was substituted, at least in part, and can be of any kind. */
            FILLED,
            /** An invalid value that was already reported. */
            REPORTED
        }

        /** Returns a placeholder for a part whose error was reported. */
        public static Scalar reported(SourceLocation place) {
            return new Scalar(place, "", "", Kind.REPORTED);
        }

        public boolean isEmpty() {
            return kind == Kind.NOTHING;
        }

        /** Returns whether the value can be read as an unquoted kind, such as a number. */
        public boolean mayBe(Kind desired) {
            return kind == desired || kind == Kind.FILLED;
        }

        @Override
        public String noun() {
            return switch (kind) {
                case NUMBER -> "a number";
                case FLAG -> "true or false";
                case NOTHING -> "empty";
                case TEXT, FILLED, REPORTED -> "a text";
            };
        }
    }

    /** Values one after the other. */
    record Sequence(SourceLocation place, List<ConfigNode> items) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String noun() {
            return "a list";
        }
    }

    /** Keys with their values, in the order of the file, duplicates included. */
    record Mapping(SourceLocation place, List<Entry> entries) implements ConfigNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String noun() {
            return "a map";
        }

        /** Returns the first value of a key, or null. */
        public ConfigNode get(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry.value();
                }
            }
            return null;
        }
    }

    /** @param place the location of the key */
    record Entry(SourceLocation place, String key, ConfigNode value) {}

    /** Returns the same as plain maps, lists and texts. */
    static Object plain(ConfigNode tree) {
        if (tree instanceof Scalar scalar) {
            return scalar.text();
        }
        if (tree instanceof Sequence sequence) {
            List<Object> items = new ArrayList<>();
            sequence.items().forEach(i -> items.add(plain(i)));
            return items;
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        ((Mapping) tree).entries().forEach(e -> keys.putIfAbsent(e.key(), plain(e.value())));
        return keys;
    }
}
