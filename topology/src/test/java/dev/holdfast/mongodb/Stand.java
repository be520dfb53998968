package dev.holdfast.mongodb;

import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.rolechange.MemberStanding;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The state of a member, for tests: {@code Stand.secondary("b1").lag(12).seen()}. */
public final class Stand {

    public static final long NOW = 1_767_225_600;

    private final String name;
    private final String role;
    private NodeAvailability state = NodeAvailability.UP;
    private final Map<String, Object> member = new LinkedHashMap<>(Map.of("votes", 1, "priority", 1.0));
    private long lag;
    private long term = 4;
    private String region = "eu-west";
    private Optional<String> remedy = Optional.empty();
    private Optional<Duration> endless = Optional.empty();

    private Stand(String name, String role) {
        this.name = name;
        this.role = role;
    }

    public static Stand primary(String name) {
        return new Stand(name, "primary");
    }

    public static Stand secondary(String name) {
        return new Stand(name, "secondary");
    }

    public static Stand down(String name) {
        return new Stand(name, "").state(NodeAvailability.DOWN);
    }

    public static Stand silent(String name) {
        return new Stand(name, "").state(NodeAvailability.SILENT);
    }

    public static Stand in(String name, String role) {
        return new Stand(name, role);
    }

    private Stand state(NodeAvailability now) {
        state = now;
        return this;
    }

    public Stand lag(long seconds) {
        lag = seconds;
        return this;
    }

    public Stand term(long last) {
        term = last;
        return this;
    }

    public Stand region(String where) {
        region = where;
        return this;
    }

    public Stand with(String key, Object value) {
        member.put(key, value);
        return this;
    }

    /** It runs and refuses connections. */
    public Stand remedy(String words) {
        remedy = Optional.of(words);
        return this;
    }

    public Stand undeclared() {
        member.clear();
        return this;
    }

    /** Its catch-up does not end. */
    public Stand endless(long seconds) {
        endless = Optional.of(Duration.ofSeconds(seconds));
        return this;
    }

    public MemberStanding standing() {
        Host host = new Host(name, name, "zone", region, new HostAccess.Local(), "/h");
        Node node = new Node("social", "rs", name, Node.Kind.MONGOD, host, 27017, "/h/" + name);
        OpTime applied = role.isEmpty() ? OpTime.NONE : new OpTime(term, NOW - lag, 1);
        return new MemberStanding(node, state, role, new MongoDocument(member), applied, lag, region, remedy, endless);
    }
}
