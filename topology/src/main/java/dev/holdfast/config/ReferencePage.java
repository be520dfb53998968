package dev.holdfast.config;

/** The reference of all keys of a schema, as a Markdown table. */
public final class ReferencePage {

    private ReferencePage() {}

    public static String of(ConfigSchema.ObjectOf shape) {
        StringBuilder table =
                new StringBuilder("| key | required | value | meaning | change |\n|---|---|---|---|---|\n");
        String only = "";
        for (KeyReference.Entry key : KeyReference.of(shape)) {
            if (!key.only().equals(only) && !key.only().isEmpty()) {
                table.append("| **").append(key.only()).append("** | | | | |\n");
            }
            only = key.only();
            table.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(key.required() ? "yes" : "")
                    .append(" | ");
            table.append(KeyReference.brief(key.shape()))
                    .append(" | ")
                    .append(key.about())
                    .append(" | ")
                    .append(key.changes())
                    .append(" |\n");
        }
        return table.toString();
    }
}
