package dev.holdfast.config;

/** The reference of all keys of a schema, as a Markdown table. */
public final class ReferencePage {

    private final StringBuilder table = new StringBuilder();

    private ReferencePage() {}

    public static String of(ConfigSchema.ObjectOf shape) {
        ReferencePage reference = new ReferencePage();
        reference.table.append("| key | required | value | meaning |\n|---|---|---|---|\n");
        reference.keys(shape, "");
        return reference.table.toString();
    }

    private void keys(ConfigSchema.ObjectOf shape, String prefix) {
        for (ConfigSchema.Key key : shape.keys().values()) {
            row(prefix + key.name(), key.required(), key.shape(), key.about());
            below(key.shape(), prefix + key.name());
        }
    }

    private void below(ConfigSchema shape, String path) {
        if (shape instanceof ConfigSchema.ObjectOf keys) {
            keys(keys, path + ".");
        } else if (shape instanceof ConfigSchema.MapOf named) {
            below(named.value(), path + ".<name>");
        } else if (shape instanceof ConfigSchema.ListOf list) {
            below(list.item(), path + "[]");
        } else if (shape instanceof ConfigSchema.AnyOf either) {
            either.shapes().forEach(s -> below(s, path));
        } else if (shape instanceof ConfigSchema.Switch cases) {
            row(
                    path + "." + cases.key(),
                    true,
                    ConfigSchema.words(cases.cases().keySet().toArray(String[]::new)),
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

    private void row(String path, boolean must, ConfigSchema shape, String about) {
        table.append("| `")
                .append(path)
                .append("` | ")
                .append(must ? "yes" : "")
                .append(" | ");
        table.append(brief(shape)).append(" | ").append(about).append(" |\n");
    }

    private static String brief(ConfigSchema shape) {
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
