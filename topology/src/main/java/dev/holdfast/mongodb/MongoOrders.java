package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.world.Action.Command;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.Map;

/** The commands that change something in MongoDB servers. */
final class MongoOrders {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    private MongoOrders() {}

    private static Command order(Node node, Login login, String file, Map<String, Object> values) {
        return order(node, login, new Script("mongodb/" + file, values), PATIENCE);
    }

    private static Command order(Node node, Login login, Script script, Duration deadline) {
        return new Command(node, login, "admin", script, Intent.CHANGE, deadline);
    }

    static Command initiate(Node node, Login login, Map<String, Object> config) {
        return order(node, login, "initiate.json", Map.of("config", config));
    }

    static Command stepUp(Node node, Login login) {
        return order(node, login, "step-up.json", Map.of());
    }

    static Command stepDown(Node node, Login login) {
        return order(node, login, "step-down.json", Map.of());
    }

    /** @param seconds that a member may not be elected; 0 lifts the ban, also that of an earlier stepdown */
    static Command freeze(Node node, Login login, int seconds) {
        return order(node, login, "freeze.json", Map.of("seconds", seconds));
    }

    /** @param patience seconds that writes wait for the others to catch up; then the primary stays */
    static Command stepAside(Node node, Login login, int seconds, int patience) {
        return order(node, login, "step-aside.json", Map.of("seconds", seconds, "patience", patience));
    }

    /** The only place where a configuration is forced: when a person has asked for a failover and accepted its loss. */
    static Command forceReconfig(Node node, Login login, Map<String, Object> config) {
        return order(node, login, "force-reconfig.json", Map.of("config", config));
    }

    static Command reconfig(Node node, Login login, Map<String, Object> config) {
        return order(node, login, "reconfig.json", Map.of("config", config));
    }

    static Command user(Node node, Login login, boolean exists, Account account) {
        Script script = Script.of(exists ? "mongodb/update-user.json" : "mongodb/create-user.json")
                .with("user", account.name())
                .with("password", account.password())
                .with("roles", account.roles());
        return order(node, login, script, PATIENCE);
    }

    /** The hands bound it by maxTimeMS: without one an impossible addShard never returns. */
    static Command addShard(Node router, Login login, String name, String hosts) {
        Script script = Script.of("mongodb/add-shard.json")
                .with("set", name + "/" + hosts)
                .with("name", name);
        return order(router, login, script, LONG);
    }

    static Command defaultConcerns(Node node, Login login, Map<String, Object> write, Map<String, Object> read) {
        Script script = Script.of("mongodb/set-default-concerns.json")
                .with("write", write)
                .with("read", read);
        return order(node, login, script, PATIENCE);
    }

    static Command balancer(Node router, Login login, boolean on) {
        return order(router, login, on ? "balancer-start.json" : "balancer-stop.json", Map.of());
    }

    static Command parameters(Node node, Login login, Map<String, Object> parameters) {
        return order(node, login, "set-parameter.json", Map.of("parameters", parameters));
    }
}
