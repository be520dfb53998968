package dev.holdfast.postgres;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.configuration.PgBouncerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A pretend PgBouncer with its folder. */
final class FakePooler {

    final Node node;
    String mark = "";
    String inputs = "";
    boolean up;
    boolean edited;
    Object password;
    /** The processes of servers in which transactions are under way. */
    final Set<String> busy = new TreeSet<>();

    final Set<String> paused = new TreeSet<>();
    Map<String, String> running = new LinkedHashMap<>();
    Map<String, String> written = new TreeMap<>();
    private Map<String, String> ways = new TreeMap<>();

    FakePooler(Node node) {
        this.node = node;
    }

    ActionResult does(String script, Map<String, Object> values) {
        if (!up && List.of("pgbouncer/reload.sh", "pgbouncer/route.sh").contains(script)) {
            return ActionResult.refused("1", "the console does not answer");
        }
        switch (script) {
            case "pgbouncer/node-directory.sh" -> mark = values.get("mark").toString();
            case "pgbouncer/configure.sh" -> {
                inputs =
                        ((Script) values.get("settings")).values().get("inputs").toString();
                password = values.get("password");
                edited = false;
            }
            case "pgbouncer/start.sh" -> {
                up = true;
                paused.clear();
                busy.clear();
                read();
            }
            case "pgbouncer/reload.sh" -> read();
            case "pgbouncer/pause.sh" ->
                values.get("databases").toString().lines().forEach(paused::add);
            case "pgbouncer/route.sh" -> {
                written.clear();
                values.get("databases")
                        .toString()
                        .lines()
                        .forEach(d -> written.put(d, values.get("endpoint").toString()));
                if (!ways.equals(written)) {
                    busy.clear();
                }
                read();
                paused.clear();
            }
            default -> throw new AssertionError("nobody knows " + script);
        }
        return ActionResult.ok("");
    }

    private void read() {
        running = new LinkedHashMap<>(PgBouncerConfig.of(node));
        ways = new TreeMap<>(written);
    }

    void append(String id, StringBuilder text) {
        text.append("version\t1.18.0\n");
        if (!inputs.isEmpty()) {
            text.append("inputs\t" + id + "\t" + inputs + "\n");
        }
        if (edited) {
            text.append("edited\t" + id + "\n");
        }
        written.forEach((database, at) -> text.append("written\t" + id + "\t" + database + "\t" + at + "\n"));
        if (up) {
            running.forEach((name, value) -> text.append("setting\t" + id + "\t" + name + "\t" + value + "\n"));
            ways.forEach((database, at) -> text.append(
                    String.join("\t", "database", id, database, at, paused.contains(database) ? "paused" : "open")
                            + "\n"));
            busy.forEach(pid -> text.append("link\t" + id + "\tpayments\t" + ways.get("payments") + "\t" + pid + "\n"));
        }
    }

    /** Where whoever comes in is sent; empty when he waits. */
    String leadsTo(String database) {
        return !up || paused.contains(database) ? "" : ways.getOrDefault(database, "");
    }
}
