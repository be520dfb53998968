package dev.holdfast.mongodb;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Reach;
import dev.holdfast.world.State;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a member stands, for tests: {@code Stand.secondary("b1").lag(12).seen()}. */
final class Stand {

    static final long NOW = 1_767_225_600;

    private final String name;
    private final String role;
    private State state = State.UP;
    private final Map<String, Object> member = new LinkedHashMap<>(Map.of("votes", 1, "priority", 1.0));
    private long lag;
    private long term = 4;
    private String region = "eu-west";

    private Stand(String name, String role) {
        this.name = name;
        this.role = role;
    }

    static Stand primary(String name) {
        return new Stand(name, "primary");
    }

    static Stand secondary(String name) {
        return new Stand(name, "secondary");
    }

    static Stand down(String name) {
        return new Stand(name, "").state(State.DOWN);
    }

    static Stand silent(String name) {
        return new Stand(name, "").state(State.SILENT);
    }

    static Stand in(String name, String role) {
        return new Stand(name, role);
    }

    private Stand state(State now) {
        state = now;
        return this;
    }

    Stand lag(long seconds) {
        lag = seconds;
        return this;
    }

    Stand term(long last) {
        term = last;
        return this;
    }

    Stand region(String where) {
        region = where;
        return this;
    }

    Stand with(String key, Object value) {
        member.put(key, value);
        return this;
    }

    Stand stranger() {
        member.clear();
        return this;
    }

    Standing seen() {
        Host host = new Host(name, name, "zone", region, new Reach.Local(), "/h");
        Node node = new Node("social", "rs", name, Node.Kind.MONGOD, host, 27017, "/h/" + name);
        Optime applied = role.isEmpty() ? Optime.NONE : new Optime(term, NOW - lag, 1);
        return new Standing(node, state, role, new Doc(member), applied, lag, region);
    }
}
