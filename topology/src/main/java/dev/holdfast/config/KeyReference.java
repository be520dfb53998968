package dev.holdfast.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The keys of the topology file as a list with full paths, from which help and the reference page are made. */
public final class KeyReference {

    /**
     * One key.
     *
     * @param path the path from the top: {@code <name>} stands for a name, and {@code []} follows the name of a list
     * @param only the key and value that the key needs, for example "engine: postgresql"; empty: none
     * @param isSwitch whether the key selects the keys next to it
     * @param change how a changed value reaches a running estate
     * @param way what happens then
     */
    public record Entry(
            String path,
            String only,
            boolean required,
            ConfigSchema shape,
            String about,
            boolean isSwitch,
            ChangeKind change,
            String way) {

        /** Returns how a changed value reaches a running estate, in words. */
        public String changes() {
            return change == null ? "" : change.words() + (way.isEmpty() ? "" : ": " + way);
        }

        List<String> parts() {
            return parts(path);
        }

        /** Returns the last name in the path. */
        public String name() {
            List<String> parts = parts();
            return parts.get(parts.size() - 1);
        }

        /** Returns whether the words are the end of the path. A word for {@code <name>} can be any name. */
        public boolean endsWith(String words) {
            List<String> desired = parts(words);
            int before = parts().size() - desired.size();
            if (before < 0) {
                return false;
            }
            for (int i = 0; i < desired.size(); i++) {
                String part = parts().get(before + i);
                boolean isName = part.equals("<name>") && before + i > 0 && before == 0;
                if (!part.equals(desired.get(i)) && !isName) {
                    return false;
                }
            }
            return true;
        }

        /** Returns whether a key is directly below this one. */
        public boolean contains(Entry other) {
            List<String> below = other.parts();
            List<String> own = parts();
            if (below.size() <= own.size() || !below.subList(0, own.size()).equals(own)) {
                return false;
            }
            List<String> rest = below.subList(own.size(), below.size());
            return rest.subList(0, rest.size() - 1).stream().allMatch("<name>"::equals);
        }

        private static List<String> parts(String path) {
            return Arrays.asList(path.replace("[]", "").split("\\."));
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    private KeyReference() {}

    /** Returns all keys, each before the keys below it. */
    public static List<Entry> of(ConfigSchema.ObjectOf shape) {
        KeyReference reference = new KeyReference();
        reference.keys(shape, "", "");
        return reference.entries;
    }

    private void keys(ConfigSchema.ObjectOf shape, String prefix, String only) {
        for (ConfigSchema.Key key : shape.keys().values()) {
            String path = prefix + key.name();
            entries.add(
                    new Entry(path, only, key.required(), key.shape(), key.about(), false, key.change(), key.way()));
            below(key.shape(), path, only);
        }
    }

    private void below(ConfigSchema shape, String path, String only) {
        if (shape instanceof ConfigSchema.ObjectOf keys) {
            keys(keys, path + ".", only);
        } else if (shape instanceof ConfigSchema.MapOf named) {
            below(named.value(), path + ".<name>", only);
        } else if (shape instanceof ConfigSchema.ListOf list) {
            below(list.item(), path + "[]", only);
        } else if (shape instanceof ConfigSchema.AnyOf either) {
            either.shapes().forEach(s -> below(s, path, only));
        } else if (shape instanceof ConfigSchema.Switch cases) {
            ConfigSchema words = ConfigSchema.words(cases.cases().keySet().toArray(String[]::new));
            entries.add(new Entry(
                    path + "." + cases.key(), only, true, words, cases.about(), true, cases.change(), cases.way()));
            cases.cases().forEach((word, keys) -> keys(keys, path + ".", cases.key() + ": " + word));
        }
    }

    /** Returns the kind of value in a few words. */
    public static String brief(ConfigSchema shape) {
        if (shape instanceof ConfigSchema.ObjectOf) {
            return "a map";
        }
        if (shape instanceof ConfigSchema.ListOf list) {
            return "a list, each " + brief(list.item());
        }
        if (shape instanceof ConfigSchema.MapOf named) {
            return "a map by " + brief(named.names()) + ", each " + brief(named.value());
        }
        if (!(shape instanceof ConfigSchema.AnyOf either)) {
            return shape.noun();
        }
        StringBuilder all = new StringBuilder();
        for (ConfigSchema one : either.shapes()) {
            all.append(all.isEmpty() ? "" : ", or ").append(brief(one));
        }
        return all.toString();
    }
}
