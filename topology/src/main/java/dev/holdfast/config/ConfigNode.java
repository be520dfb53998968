package dev.holdfast.config;

import dev.holdfast.model.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands in a file, before anything is made of it, with where each piece stands. */
public sealed interface ConfigNode {

    SourceLocation place();

    /** What it is, as a person would say it: "a list". */
    String noun();

    /**
     * One value.
     *
     * @param text the value, with what {@code ${...}} stands for filled in
     * @param written the value as it stands in the file: all that may be shown to people
     */
    record Scalar(SourceLocation place, String text, String written, Kind kind) implements ConfigNode {

        /** What a value looks like. */
        public enum Kind {
            TEXT,
            NUMBER,
            FLAG,
            /** There is no value. */
            NOTHING,
            /** It came (in part) from outside and may be of any kind. */
            FILLED,
            /** Something is wrong with it that was told already: nothing more is to be said of it. */
            REPORTED
        }

        /** Stands for a piece whose trouble was told. */
        public static Scalar reported(SourceLocation place) {
            return new Scalar(place, "", "", Kind.REPORTED);
        }

        public boolean isEmpty() {
            return kind == Kind.NOTHING;
        }

        /** Whether the value may be taken as one that is written bare, such as a number. */
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

    /** Keys with their values, in the order of the file; a key that is written twice is there twice. */
    record Mapping(SourceLocation place, List<Entry> entries) implements ConfigNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String noun() {
            return "a map";
        }

        /** The first value of a key, or null. */
        public ConfigNode get(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry.value();
                }
            }
            return null;
        }
    }

    /** @param place where the key stands */
    record Entry(SourceLocation place, String key, ConfigNode value) {}

    /** The same as plain maps, lists and texts. */
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
