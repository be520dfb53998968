package dev.holdfast.engine;

/** A shape as it might be written: {@code { HOST: sync }}. */
final class Sample {

    private Sample() {}

    /** How a key with a value of a shape is written, for hints. */
    static String hint(String key, Shape shape) {
        return "write it like this: " + (key.isEmpty() ? "" : key + ": ") + of(shape);
    }

    static String of(Shape shape) {
        if (shape instanceof Shape.Text text) {
            return text.spelling().sample();
        }
        if (shape instanceof Shape.Words words) {
            return words.words().get(0);
        }
        if (shape instanceof Shape.HostName) {
            return "HOST";
        }
        if (shape instanceof Shape.Flag) {
            return "true";
        }
        if (shape instanceof Shape.Whole whole) {
            return Long.toString(whole.least());
        }
        if (shape instanceof Shape.Decimal decimal) {
            return Double.toString(decimal.most() / 2);
        }
        if (shape instanceof Shape.Span) {
            return "30s";
        }
        return shape instanceof Shape.Size ? "2GB" : structure(shape);
    }

    private static String structure(Shape shape) {
        if (shape instanceof Shape.ListOf list) {
            return "[ " + of(list.item()) + " ]";
        }
        if (shape instanceof Shape.Named named) {
            String name = named.value() instanceof Shape.Free ? "NAME" : of(named.names());
            return "{ " + name + ": " + of(named.value()) + " }";
        }
        if (shape instanceof Shape.Either either) {
            return of(either.shapes().get(0));
        }
        if (shape instanceof Shape.Keys keys) {
            return keys(keys);
        }
        return shape instanceof Shape.Switch cases
                ? "{ " + cases.key() + ": " + cases.cases().keySet().iterator().next() + ", ... }"
                : "VALUE";
    }

    /** What must be there, or else the first key. */
    private static String keys(Shape.Keys shape) {
        StringBuilder keys = new StringBuilder();
        for (Shape.Key key : shape.keys().values()) {
            if (key.required()) {
                keys.append(keys.isEmpty() ? "" : ", ")
                        .append(key.name())
                        .append(": ")
                        .append(of(key.shape()));
            }
        }
        Shape.Key first = shape.keys().values().iterator().next();
        return "{ " + (keys.isEmpty() ? first.name() + ": " + of(first.shape()) : keys) + " }";
    }
}
