package dev.holdfast.config;

/** An example of a value with a given schema: {@code { HOST: sync }}. */
final class ExampleValue {

    private ExampleValue() {}

    /** Returns a hint with an example. */
    static String hint(String key, ConfigSchema shape) {
        return "write it like this: " + (key.isEmpty() ? "" : key + ": ") + of(shape);
    }

    static String of(ConfigSchema shape) {
        if (shape instanceof ConfigSchema.Text text) {
            return text.spelling().sample();
        }
        if (shape instanceof ConfigSchema.Choice words) {
            return words.words().get(0);
        }
        if (shape instanceof ConfigSchema.HostName) {
            return "HOST";
        }
        if (shape instanceof ConfigSchema.Bool) {
            return "true";
        }
        if (shape instanceof ConfigSchema.Int whole) {
            return Long.toString(whole.least());
        }
        if (shape instanceof ConfigSchema.Decimal decimal) {
            return Double.toString(decimal.most() / 2);
        }
        if (shape instanceof ConfigSchema.DurationValue) {
            return "30s";
        }
        return shape instanceof ConfigSchema.Size ? "2GB" : structure(shape);
    }

    private static String structure(ConfigSchema shape) {
        if (shape instanceof ConfigSchema.ListOf list) {
            return "[ " + of(list.item()) + " ]";
        }
        if (shape instanceof ConfigSchema.MapOf named) {
            String name = named.value() instanceof ConfigSchema.Free ? "NAME" : of(named.names());
            return "{ " + name + ": " + of(named.value()) + " }";
        }
        if (shape instanceof ConfigSchema.AnyOf either) {
            return of(either.shapes().get(0));
        }
        if (shape instanceof ConfigSchema.ObjectOf keys) {
            return keys(keys);
        }
        return shape instanceof ConfigSchema.Switch cases
                ? "{ " + cases.key() + ": " + cases.cases().keySet().iterator().next() + ", ... }"
                : "VALUE";
    }

    /** Returns the required keys, or otherwise the first key. */
    private static String keys(ConfigSchema.ObjectOf shape) {
        StringBuilder keys = new StringBuilder();
        for (ConfigSchema.Key key : shape.keys().values()) {
            if (key.required()) {
                keys.append(keys.isEmpty() ? "" : ", ")
                        .append(key.name())
                        .append(": ")
                        .append(of(key.shape()));
            }
        }
        ConfigSchema.Key first = shape.keys().values().iterator().next();
        return "{ " + (keys.isEmpty() ? first.name() + ": " + of(first.shape()) : keys) + " }";
    }
}
