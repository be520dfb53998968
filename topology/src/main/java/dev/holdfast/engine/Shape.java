package dev.holdfast.engine;

import dev.holdfast.model.Amounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may stand at a place of the topology file. Checking, the JSON Schema and the reference of keys are all made from it.
 *
 * @see Examiner
 * @see JsonSchema
 * @see KeyReference
 */
public sealed interface Shape {

    /** What is wanted, as a person would say it: "a duration". */
    String noun();

    /** A text that follows a rule of spelling. */
    record Text(Spelling spelling) implements Shape {
        @Override
        public String noun() {
            return spelling.noun();
        }
    }

    /** One of a few words. */
    record Words(List<String> words) implements Shape {
        @Override
        public String noun() {
            return words.size() == 1 ? "the word " + words.get(0) : "one of " + String.join(", ", words);
        }
    }

    /** The name of a host that the file declares. */
    record HostName() implements Shape {
        @Override
        public String noun() {
            return "the name of a host";
        }
    }

    /** true or false. */
    record Flag() implements Shape {
        @Override
        public String noun() {
            return "true or false";
        }
    }

    /** A whole number. */
    record Whole(long least, long most) implements Shape {
        @Override
        public String noun() {
            return "a whole number from " + least + " to " + most;
        }
    }

    /** A number that may have a fraction. */
    record Decimal(double least, double most) implements Shape {
        @Override
        public String noun() {
            return "a number from " + Amounts.shown(least) + " to " + Amounts.shown(most);
        }
    }

    /** How long something takes, with its unit. */
    record Span() implements Shape {
        @Override
        public String noun() {
            return "a duration";
        }
    }

    /** How much room something takes, with its unit. */
    record Size() implements Shape {
        @Override
        public String noun() {
            return "a size";
        }
    }

    /** Any value that can be printed, or a map or list of such: what a server's own documentation defines. */
    record Free() implements Shape {
        @Override
        public String noun() {
            return "a value, or keys with values";
        }
    }

    /** A list of things of one shape. */
    record ListOf(Shape item, int least) implements Shape {
        @Override
        public String noun() {
            return "a list";
        }
    }

    /** Keys that the file's author chooses, each with a value of one shape. */
    record Named(Shape names, Shape value, int least) implements Shape {
        @Override
        public String noun() {
            if (names instanceof HostName) {
                return "a map by host";
            }
            return names instanceof Text text && text.spelling() == Spelling.LINE
                    ? "a map of settings"
                    : "a map by name";
        }
    }

    /** Fixed keys. */
    record Keys(Map<String, Key> keys) implements Shape {
        @Override
        public String noun() {
            return "a map with " + String.join(", ", keys.keySet());
        }

        public Keys plus(Keys others) {
            Map<String, Key> all = new LinkedHashMap<>(keys);
            all.putAll(others.keys());
            return new Keys(all);
        }
    }

    /** One of several shapes, told apart by whether a value, a list or a map stands there. */
    record Either(List<Shape> shapes) implements Shape {
        @Override
        public String noun() {
            List<String> nouns = new ArrayList<>();
            shapes.forEach(s -> nouns.add(s.noun()));
            return String.join(", or ", nouns);
        }
    }

    /** A map whose other keys depend on the word that stands under one key. */
    record Switch(String key, String about, Map<String, Keys> cases) implements Shape {
        @Override
        public String noun() {
            return "a map with the key " + key;
        }
    }

    /**
     * One key of a map.
     *
     * @param about one sentence for editors and the reference
     */
    record Key(String name, Shape shape, boolean required, String about) {}

    static Key key(String name, Shape shape, String about) {
        return new Key(name, shape, false, about);
    }

    static Key must(String name, Shape shape, String about) {
        return new Key(name, shape, true, about);
    }

    static Keys keys(Key... keys) {
        Map<String, Key> byName = new LinkedHashMap<>();
        for (Key key : keys) {
            byName.put(key.name(), key);
        }
        return new Keys(byName);
    }

    static Words words(String... words) {
        return new Words(Arrays.asList(words));
    }

    static Text text(Spelling spelling) {
        return new Text(spelling);
    }

    static ListOf listOf(Shape item) {
        return new ListOf(item, 1);
    }

    static Named named(Spelling names, Shape value) {
        return new Named(new Text(names), value, 0);
    }

    static Either either(Shape... shapes) {
        return new Either(Arrays.asList(shapes));
    }

    Shape HOST = new HostName();
    Shape FLAG = new Flag();
    Shape SPAN = new Span();
    Shape SIZE = new Size();
    Shape FREE = new Free();
    Shape SETTINGS = new Named(new Text(Spelling.LINE), FREE, 0);
    Shape PORT = new Whole(1, 65535);
}
