package dev.holdfast.postgres;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.configuration.PgBouncerConfig;
import dev.holdfast.world.FakeOutput;
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

    void append(String id, FakeOutput output) {
        if (!inputs.isEmpty()) {
            output.record("inputs", "id", id, "text", inputs);
        }
        if (edited) {
            output.record("edited", "id", id);
        }
        if (up) {
            running.forEach((name, value) -> output.record("setting", "id", id, "name", name, "value", value));
            appendRoutes(id, output);
        } else {
            output.record("version", "version", "1.18.0");
        }
    }

    void appendRoutes(String id, FakeOutput output) {
        if (!up) {
            return;
        }
        output.record("version", "version", "1.18.0");
        written.forEach(
                (database, at) -> output.record("restart-route", "id", id, "database", database, "endpoint", at));
        ways.forEach((database, at) -> output.record(
                "database-route",
                "id",
                id,
                "database",
                database,
                "endpoint",
                at,
                "state",
                paused.contains(database) ? "paused" : "open"));
        busy.forEach(pid -> output.record(
                "connection", "id", id, "database", "payments", "endpoint", ways.get("payments"), "pid", pid));
    }

    /** The server to which clients are sent; empty while they wait. */
    String leadsTo(String database) {
        return !up || paused.contains(database) ? "" : ways.getOrDefault(database, "");
    }
}
