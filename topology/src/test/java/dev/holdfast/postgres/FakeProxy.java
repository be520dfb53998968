package dev.holdfast.postgres;

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

    void append(String id, StringBuilder text) {
        text.append("inputs\t" + id + "\t" + inputs + "\n");
        if (edited) {
            text.append("edited\t" + id + "\n");
        }
        if (!up) {
            return;
        }
        if (stale) {
            text.append("stale\t" + id + "\n");
        }
        for (String backend : Set.of("primary", "standbys")) {
            servers.forEach(s -> text.append(String.join(
                            "\t", "route", id, backend, s, ready.contains(backend + "/" + s) ? "ready" : "closed"))
                    .append('\n'));
        }
    }
}
