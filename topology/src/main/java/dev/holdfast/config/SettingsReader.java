package dev.holdfast.config;

import dev.holdfast.config.ConfigNode.Scalar;
import dev.holdfast.model.Quantities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The reader of a server's own settings; nested and dotted keys are equal. */
public final class SettingsReader {

    private final Map<String, String> owned;
    private final Map<String, String> removed;
    private final Map<String, ConfigCursor> flat = new LinkedHashMap<>();

    private SettingsReader(Map<String, String> owned, Map<String, String> removed) {
        this.owned = owned;
        this.removed = removed;
    }

    /**
     * Returns the settings by dotted key, each a Boolean, Long, Double, String or a list of such.
     *
     * @param owned settings (or, with a dot at the end, all below one) that Holdfast sets itself, with their replacement
     * @param removed settings, written alike, that no supported server knows, with the servers that do not know them
     */
    public static Map<String, Object> values(
            ConfigCursor settings, Map<String, String> owned, Map<String, String> removed) {
        Map<String, Object> values = new LinkedHashMap<>();
        flat(settings, owned, removed).forEach((key, setting) -> values.put(key, value(setting)));
        return values;
    }

    /** Returns the settings by dotted key in lower case, each as written. */
    public static Map<String, String> texts(ConfigCursor settings, Map<String, String> owned) {
        Map<String, String> texts = new LinkedHashMap<>();
        flat(settings, owned, Map.of()).forEach((key, setting) -> {
            if (setting.isList()) {
                setting.wrong("the setting " + key + " is a list", "write one text, such as \"a, b\"");
            } else if (texts.put(key.toLowerCase(Locale.ROOT), setting.text("")) != null) {
                setting.wrong("the setting " + key + " is declared twice", "upper and lower case are equal here");
            }
        });
        return texts;
    }

    private static Map<String, ConfigCursor> flat(
            ConfigCursor settings, Map<String, String> owned, Map<String, String> removed) {
        SettingsReader gathered = new SettingsReader(owned, removed);
        settings.entries().forEach(s -> gathered.gather(s, ""));
        return gathered.flat;
    }

    private void gather(ConfigCursor setting, String prefix) {
        String key = prefix + setting.name();
        if (!isSpelt(key)) {
            setting.wrong(
                    ValueValidator.quoted(key) + " is not a setting's name",
                    "use letters, digits, dots, - and _ only, beginning with a letter");
        } else if (setting.isMap()) {
            setting.entries().forEach(below -> gather(below, key + "."));
        } else if (!refused(setting, key) && flat.put(key, setting) != null) {
            setting.wrong("the setting " + ValueValidator.quoted(key) + " is declared twice", "keep one of them");
        }
    }

    private boolean refused(ConfigCursor setting, String key) {
        Optional<String> replacement = find(owned, key);
        if (replacement.isPresent()) {
            setting.wrong("the setting " + ValueValidator.quoted(key) + " is managed by Holdfast", replacement.get());
            return true;
        }
        Optional<String> servers = find(removed, key);
        if (servers.isPresent()) {
            setting.wrong(
                    servers.get() + " do not know the setting " + ValueValidator.quoted(key)
                            + ", and do not start with it",
                    "leave it out");
            return true;
        }
        return !setting.isList() && setting.scalar().isEmpty();
    }

    private static Optional<String> find(Map<String, String> names, String key) {
        return names.entrySet().stream()
                .filter(n -> n.getKey().endsWith(".") ? key.startsWith(n.getKey()) : key.equalsIgnoreCase(n.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Object value(ConfigCursor setting) {
        if (setting.isList()) {
            List<Object> items = new ArrayList<>();
            setting.items().forEach(i -> items.add(value(i)));
            return items;
        }
        return setting.scalar().map(SettingsReader::value).orElse("");
    }

    private static Object value(Scalar scalar) {
        String text = scalar.text();
        if (scalar.mayBe(Scalar.Kind.FLAG) && (text.equals("true") || text.equals("false"))) {
            return text.equals("true");
        }
        boolean isNumber = scalar.mayBe(Scalar.Kind.NUMBER) && !isPadded(text);
        Optional<Long> whole = isNumber ? Quantities.whole(text) : Optional.empty();
        Optional<Double> decimal = isNumber ? Quantities.decimal(text) : Optional.empty();
        return whole.isPresent() ? whole.get() : decimal.isPresent() ? decimal.get() : text;
    }

    /** Returns whether leading zeros of a number have a meaning: 0770. */
    private static boolean isPadded(String text) {
        return text.length() > 1 && text.charAt(0) == '0' && Character.isDigit(text.charAt(1));
    }

    private static boolean isSpelt(String key) {
        boolean letters =
                !key.isEmpty() && key.length() <= 127 && !key.endsWith(".") && Character.isLetter(key.charAt(0));
        return letters && key.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0));
    }
}
