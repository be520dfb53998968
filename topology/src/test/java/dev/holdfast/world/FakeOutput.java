package dev.holdfast.world;

import dev.holdfast.execution.ActionResult;

/** The output of a script, as {@code scripts/host/records.sh} prints it. */
public final class FakeOutput {

    private final StringBuilder text = new StringBuilder();
    private int records;

    /** @param script the script's file, such as {@code host/look.sh} */
    public FakeOutput(String script) {
        text.append("{\"v\":1,\"script\":\"")
                .append(script, 0, script.length() - ".sh".length())
                .append("\"}\n");
    }

    /** @param fields names and values in turn */
    public FakeOutput record(String type, Object... fields) {
        text.append("{\"t\":\"").append(type).append('"');
        for (int i = 0; i < fields.length; i += 2) {
            text.append(",\"").append(fields[i]).append("\":\"");
            text.append(fields[i + 1]
                    .toString()
                    .replace("\\", "\\\\")
                    .replace("\"", "\\\"")
                    .replace("\t", "\\t")
                    .replace("\n", "\\n"));
            text.append('"');
        }
        text.append("}\n");
        records++;
        return this;
    }

    /** Returns the output without its end, as when it was cut off. */
    public String truncated() {
        return text.toString();
    }

    /** Returns the complete output. */
    public String text() {
        return text + "{\"t\":\"end\",\"records\":" + records + "}\n";
    }

    public ActionResult answer() {
        return ActionResult.ok(text());
    }
}
