package dev.holdfast.postgres;

import dev.holdfast.world.FakeOutput;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A pretend HAProxy with its folder. */
public final class FakeProxy {

    String mark = "";
    String inputs = "";
    public boolean up;
    public boolean edited;
    boolean stale;
    public Set<String> ready = new TreeSet<>();
    private final Set<String> servers = new TreeSet<>();

    void write(String file, Map<String, Object> values) {
        if (file.equals("haproxy.cfg")) {
            inputs = values.get("inputs").toString();
            edited = false;
            stale = up;
            servers.clear();
            values.get("servers")
                    .toString()
                    .lines()
                    .forEach(l -> servers.add(l.strip().split(" ")[1]));
        }
    }

    /** Where sessions go is kept over a restart, as the state file does. */
    void start() {
        up = true;
        stale = false;
    }

    void append(String id, FakeOutput output) {
        output.record("inputs", "id", id, "text", inputs);
        if (edited) {
            output.record("edited", "id", id);
        }
        if (up && stale) {
            output.record("stale", "id", id);
        }
        appendRoutes(id, output);
    }

    void appendRoutes(String id, FakeOutput output) {
        if (!up) {
            return;
        }
        for (String backend : Set.of("primary", "standbys")) {
            servers.forEach(s -> output.record(
                    "route",
                    "id",
                    id,
                    "backend",
                    backend,
                    "server",
                    s,
                    "state",
                    ready.contains(backend + "/" + s) ? "ready" : "closed"));
        }
    }
}
