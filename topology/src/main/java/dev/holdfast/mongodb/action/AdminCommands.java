package dev.holdfast.mongodb.action;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.DatabaseUser;
import java.time.Duration;
import java.util.Map;

/** Factories of the commands that change MongoDB servers. */
public final class AdminCommands {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** The command waits for migrations and index builds, and writes the metadata of every collection. */
    private static final Duration COMPATIBILITY = Duration.ofMinutes(10);

    private AdminCommands() {}

    private static RunDocumentCommand order(Node node, Credentials login, String file, Map<String, Object> values) {
        return order(node, login, new Script("mongodb/" + file, values), PATIENCE);
    }

    private static RunDocumentCommand order(Node node, Credentials login, Script script, Duration deadline) {
        return new RunDocumentCommand(node, login, "admin", script, Access.CHANGE, deadline);
    }

    public static RunDocumentCommand initiate(Node node, Credentials login, Map<String, Object> config) {
        return order(node, login, "initiate.json", Map.of("config", config));
    }

    public static RunDocumentCommand stepUp(Node node, Credentials login) {
        return order(node, login, "step-up.json", Map.of());
    }

    public static RunDocumentCommand stepDown(Node node, Credentials login) {
        return order(node, login, "step-down.json", Map.of());
    }

    /** Ends the catch-up of an elected member, which then accepts writes. */
    public static RunDocumentCommand abortCatchUp(Node node, Credentials login) {
        return order(node, login, "abort-catch-up.json", Map.of());
    }

    /** @param seconds the time in which the member cannot be elected; 0 ends it, also that of an earlier stepdown */
    public static RunDocumentCommand freeze(Node node, Credentials login, int seconds) {
        return order(node, login, "freeze.json", Map.of("seconds", seconds));
    }

    /** @param patience seconds that writes wait until a secondary has caught up; afterwards the primary keeps its role */
    public static RunDocumentCommand stepAside(Node node, Credentials login, int seconds, int patience) {
        return order(node, login, "step-aside.json", Map.of("seconds", seconds, "patience", patience));
    }

    /** Forces a configuration; used only for a failover whose data loss the operator has accepted. */
    public static RunDocumentCommand forceReconfig(Node node, Credentials login, Map<String, Object> config) {
        return order(node, login, "force-reconfig.json", Map.of("config", config));
    }

    public static RunDocumentCommand reconfig(Node node, Credentials login, Map<String, Object> config) {
        return order(node, login, "reconfig.json", Map.of("config", config));
    }

    public static RunDocumentCommand resizeOplog(Node node, Credentials login, long megabytes) {
        return order(node, login, "oplog-resize.json", Map.of("megabytes", megabytes));
    }

    public static RunDocumentCommand user(Node node, Credentials login, boolean exists, DatabaseUser account) {
        Script script = Script.of(exists ? "mongodb/update-user.json" : "mongodb/create-user.json")
                .with("user", account.name())
                .with("password", account.password())
                .with("roles", account.roles());
        return order(node, login, script, PATIENCE);
    }

    /** Changes the roles of a user, and leaves its password. */
    public static RunDocumentCommand roles(Node node, Credentials login, DatabaseUser account) {
        Script script = Script.of("mongodb/update-user-roles.json")
                .with("user", account.name())
                .with("roles", account.roles());
        return order(node, login, script, PATIENCE);
    }

    /** Adds a shard. The connection sets maxTimeMS, because an impossible addShard never returns. */
    public static RunDocumentCommand addShard(Node router, Credentials login, String name, String hosts) {
        Script script = Script.of("mongodb/add-shard.json")
                .with("set", name + "/" + hosts)
                .with("name", name);
        return order(router, login, script, LONG);
    }

    public static RunDocumentCommand defaultConcerns(
            Node node, Credentials login, Map<String, Object> write, Map<String, Object> read) {
        Script script = Script.of("mongodb/set-default-concerns.json")
                .with("write", write)
                .with("read", read);
        return order(node, login, script, PATIENCE);
    }

    public static RunDocumentCommand balancer(Node router, Credentials login, boolean on) {
        return order(router, login, on ? "balancer-start.json" : "balancer-stop.json", Map.of());
    }

    public static RunDocumentCommand parameters(Node node, Credentials login, Map<String, Object> parameters) {
        return order(node, login, "set-parameter.json", Map.of("parameters", parameters));
    }

    /** Sets the feature compatibility version; a router gives the command to the whole cluster. */
    public static RunDocumentCommand compatibility(Node node, Credentials login, String version) {
        return order(
                node, login, new Script("mongodb/set-compatibility.json", Map.of("version", version)), COMPATIBILITY);
    }
}
