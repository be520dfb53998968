package dev.holdfast.config;

import dev.holdfast.model.Quantities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema of one part of the topology file, the source of validation, JSON Schema and key reference.
 *
 * @see SchemaValidator
 * @see JsonSchemaExport
 * @see ReferencePage
 */
public sealed interface ConfigSchema {

    /** Returns the expected kind for messages, for example "a duration". */
    String noun();

    /** A text with a format. */
    record Text(TextFormat spelling) implements ConfigSchema {
        @Override
        public String noun() {
            return spelling.noun();
        }
    }

    /** One of several words. */
    record Choice(List<String> words) implements ConfigSchema {
        @Override
        public String noun() {
            return words.size() == 1 ? "the word " + words.get(0) : "one of " + String.join(", ", words);
        }
    }

    /** The name of a host that the file declares. */
    record HostName() implements ConfigSchema {
        @Override
        public String noun() {
            return "the name of a host";
        }
    }

    /** true or false. */
    record Bool() implements ConfigSchema {
        @Override
        public String noun() {
            return "true or false";
        }
    }

    /** A whole number. */
    record Int(long least, long most) implements ConfigSchema {
        @Override
        public String noun() {
            return "a whole number from " + least + " to " + most;
        }
    }

    /** A decimal number. */
    record Decimal(double least, double most) implements ConfigSchema {
        @Override
        public String noun() {
            return "a number from " + Quantities.shown(least) + " to " + Quantities.shown(most);
        }
    }

    /** A duration with its unit. */
    record DurationValue() implements ConfigSchema {
        @Override
        public String noun() {
            return "a duration";
        }
    }

    /** A size with its unit. */
    record Size() implements ConfigSchema {
        @Override
        public String noun() {
            return "a size";
        }
    }

    /** Any printable value, or a map or list of such, defined by the server's own documentation. */
    record Free() implements ConfigSchema {
        @Override
        public String noun() {
            return "a value, or keys with values";
        }
    }

    /** A list whose items have one schema. */
    record ListOf(ConfigSchema item, int least) implements ConfigSchema {
        @Override
        public String noun() {
            return "a list";
        }
    }

    /** A map with free keys, whose values have one schema. */
    record MapOf(ConfigSchema names, ConfigSchema value, int least) implements ConfigSchema {
        @Override
        public String noun() {
            if (names instanceof HostName) {
                return "a map by host";
            }
            return names instanceof Text text && text.spelling() == TextFormat.LINE
                    ? "a map of settings"
                    : "a map by name";
        }
    }

    /** A map with fixed keys. */
    record ObjectOf(Map<String, Key> keys) implements ConfigSchema {
        @Override
        public String noun() {
            return "a map with " + String.join(", ", keys.keySet());
        }

        public ObjectOf plus(ObjectOf others) {
            Map<String, Key> all = new LinkedHashMap<>(keys);
            all.putAll(others.keys());
            return new ObjectOf(all);
        }
    }

    /** One of several schemas, selected by the kind of the value: scalar, list or map. */
    record AnyOf(List<ConfigSchema> shapes) implements ConfigSchema {
        @Override
        public String noun() {
            List<String> nouns = new ArrayList<>();
            shapes.forEach(s -> nouns.add(s.noun()));
            return String.join(", or ", nouns);
        }
    }

    /** A map whose other keys depend on the value of one key. */
    record Switch(String key, String about, ChangeKind change, String way, Map<String, ObjectOf> cases)
            implements ConfigSchema {
        @Override
        public String noun() {
            return "a map with the key " + key;
        }
    }

    /**
     * One key of a map.
     *
     * @param about one sentence for editors and the reference
     * @param change how a changed value reaches a running estate; null: not defined, which a test refuses
     * @param way one or two sentences about that change, for the reference
     */
    record Key(String name, ConfigSchema shape, boolean required, String about, ChangeKind change, String way) {

        /** Returns the same key with the kind of its change. */
        public Key by(ChangeKind kind, String sentence) {
            return new Key(name, shape, required, about, kind, sentence);
        }
    }

    static Key key(String name, ConfigSchema shape, String about) {
        return new Key(name, shape, false, about, null, "");
    }

    static Key must(String name, ConfigSchema shape, String about) {
        return new Key(name, shape, true, about, null, "");
    }

    static ObjectOf keys(Key... keys) {
        Map<String, Key> byName = new LinkedHashMap<>();
        for (Key key : keys) {
            byName.put(key.name(), key);
        }
        return new ObjectOf(byName);
    }

    static Choice words(String... words) {
        return new Choice(Arrays.asList(words));
    }

    static Text text(TextFormat spelling) {
        return new Text(spelling);
    }

    static ListOf listOf(ConfigSchema item) {
        return new ListOf(item, 1);
    }

    static MapOf named(TextFormat names, ConfigSchema value) {
        return new MapOf(new Text(names), value, 0);
    }

    static AnyOf either(ConfigSchema... shapes) {
        return new AnyOf(Arrays.asList(shapes));
    }

    ConfigSchema HOST = new HostName();
    ConfigSchema FLAG = new Bool();
    ConfigSchema SPAN = new DurationValue();
    ConfigSchema SIZE = new Size();
    ConfigSchema FREE = new Free();
    ConfigSchema SETTINGS = new MapOf(new Text(TextFormat.LINE), FREE, 0);
    ConfigSchema PORT = new Int(1, 65535);
}
