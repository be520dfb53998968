package dev.holdfast.engine;

/** A shape as a table of all keys, in Markdown. */
public final class KeyReference {

    private final StringBuilder table = new StringBuilder();

    private KeyReference() {}

    public static String of(Shape.Keys shape) {
        KeyReference reference = new KeyReference();
        reference.table.append("| key | must | what stands there | what it means |\n|---|---|---|---|\n");
        reference.keys(shape, "");
        return reference.table.toString();
    }

    private void keys(Shape.Keys shape, String prefix) {
        for (Shape.Key key : shape.keys().values()) {
            row(prefix + key.name(), key.required(), key.shape(), key.about());
            below(key.shape(), prefix + key.name());
        }
    }

    private void below(Shape shape, String path) {
        if (shape instanceof Shape.Keys keys) {
            keys(keys, path + ".");
        } else if (shape instanceof Shape.Named named) {
            below(named.value(), path + ".<name>");
        } else if (shape instanceof Shape.ListOf list) {
            below(list.item(), path + "[]");
        } else if (shape instanceof Shape.Either either) {
            either.shapes().forEach(s -> below(s, path));
        } else if (shape instanceof Shape.Switch cases) {
            row(
                    path + "." + cases.key(),
                    true,
                    Shape.words(cases.cases().keySet().toArray(String[]::new)),
                    cases.about());
            cases.cases().forEach((word, keys) -> {
                table.append("| **")
                        .append(cases.key())
                        .append(": ")
                        .append(word)
                        .append("** | | | |\n");
                keys(keys, path + ".");
            });
        }
    }

    private void row(String path, boolean must, Shape shape, String about) {
        table.append("| `")
                .append(path)
                .append("` | ")
                .append(must ? "yes" : "")
                .append(" | ");
        table.append(brief(shape)).append(" | ").append(about).append(" |\n");
    }

    private static String brief(Shape shape) {
        if (shape instanceof Shape.Keys) {
            return "a map";
        }
        if (shape instanceof Shape.ListOf list) {
            return "a list, each " + brief(list.item());
        }
        if (shape instanceof Shape.Named named) {
            return "a map by " + brief(named.names()) + ", each " + brief(named.value());
        }
        if (!(shape instanceof Shape.Either either)) {
            return shape.noun();
        }
        StringBuilder all = new StringBuilder();
        for (Shape one : either.shapes()) {
            all.append(all.isEmpty() ? "" : ", or ").append(brief(one));
        }
        return all.toString();
    }
}
