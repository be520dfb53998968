package dev.holdfast.mongodb;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a pretend server replies to one command. */
record FakeReplies(FakeMongo mongo, FakeServer server, FakeSet set, Action.RunDocumentCommand command, Instant now) {

    private static final ActionResult DONE = ActionResult.ok(List.of(Map.of("ok", 1)));

    ActionResult answer() {
        Script script = command.script();
        return switch (script.file()) {
            case "mongodb/hello.json" -> ok(hello());
            case "mongodb/version.json" ->
                ok(Map.of("version", server.version.isEmpty() ? mongo.version : server.version));
            case "mongodb/options.json" -> ok(Map.of("parsed", server.parsed()));
            case "mongodb/parameters.json" -> ok(parameters());
            case "mongodb/status.json" -> member() ? ok(set.status(server.endpoint, now)) : notInSet();
            case "mongodb/config.json" -> member() ? ok(Map.of("config", set.config.fields())) : notInSet();
            case "mongodb/config-committed.json" ->
                member() ? ok(Map.of("config", set.config.fields(), "commitmentStatus", true)) : notInSet();
            case "mongodb/users.json" -> ok(Map.of("users", set.userDocuments()));
            case "mongodb/user.json" ->
                ok(Map.of(
                        "users",
                        set.userDocuments().stream()
                                .filter(u ->
                                        u.get("user").equals(script.values().get("user")))
                                .toList()));
            case "mongodb/oplog-last.json" -> batch(List.of());
            case "mongodb/oplog-newest.json" -> batch(newest());
            case "mongodb/oplog-first.json" ->
                batch(List.of(Map.of("ts", Map.of("$timestamp", Map.of("t", now.getEpochSecond() - 3600, "i", 1)))));
            case "mongodb/oplog-common.json" -> batch(common());
            case "mongodb/stored-config.json" -> batch(List.of(set.config.fields()));
            case "mongodb/oplog-size.json" -> batch(server.oplog());
            case "mongodb/connected.json" -> ok(connected());
            case "mongodb/shard-identity.json" -> batch(set.identity.isEmpty() ? List.of() : List.of(set.identity));
            case "mongodb/databases.json" ->
                ok(Map.of(
                        "databases",
                        set.databases.stream().map(d -> Map.of("name", d)).toList()));
            case "mongodb/connections.json" -> ok(Map.of());
            case "mongodb/default-concerns.json" -> ok(mongo.concerns);
            case "mongodb/cluster-id.json" -> batch(List.of(Map.of("clusterId", Map.of("$oid", "c1"))));
            case "mongodb/shards.json" -> batch(mongo.shards);
            case "mongodb/balancer.json" ->
                batch(mongo.balancer ? List.of() : List.of(Map.of("_id", "balancer", "stopped", true)));
            case "mongodb/consistency.json" -> batch(mongo.inconsistencies);
            case "mongodb/compatibility.json" -> ok(Map.of("featureCompatibilityVersion", compatibility()));
            case "mongodb/adding-shards.json" -> batch(List.of());
            case "mongodb/balancer-status.json" -> ok(Map.of("mode", mongo.balancer ? "full" : "off"));
            default -> change(script.file(), script.values());
        };
    }

    private ActionResult change(String file, Map<String, Object> values) {
        return switch (file) {
            case "mongodb/initiate.json" -> initiate(MongoDocument.of(values.get("config")));
            case "mongodb/step-up.json" -> set.stepUp(server.endpoint);
            case "mongodb/freeze.json" -> DONE;
            case "mongodb/step-aside.json" -> set.stepAside(server.endpoint);
            case "mongodb/step-down.json" -> set.stepDown(server.endpoint);
            case "mongodb/reconfig.json" -> set.reconfig(server.endpoint, MongoDocument.of(values.get("config")), now);
            case "mongodb/create-user.json", "mongodb/update-user.json" -> user(file.contains("create"), values);
            case "mongodb/update-user-roles.json" -> {
                Map<String, Object> kept = new LinkedHashMap<>(values);
                kept.put("password", set.users.get((String) values.get("user")).password());
                yield user(false, kept);
            }
            case "mongodb/set-default-concerns.json" -> concerns(values);
            case "mongodb/add-shard.json" -> addShard(values);
            case "mongodb/balancer-start.json" -> balancer(true);
            case "mongodb/balancer-stop.json" -> balancer(false);
            case "mongodb/set-parameter.json" -> set(values);
            case "mongodb/set-compatibility.json" -> compatibility(values);
            case "mongodb/oplog-resize.json" -> {
                server.resize(((Number) values.get("megabytes")).longValue());
                yield DONE;
            }
            default -> null;
        };
    }

    private static ActionResult ok(Map<String, Object> reply) {
        return ActionResult.ok(List.of(reply));
    }

    private static ActionResult batch(List<Map<String, Object>> documents) {
        return ok(Map.of("cursor", Map.of("firstBatch", documents)));
    }

    private boolean member() {
        return set != null && set.hosts().contains(server.endpoint);
    }

    private ActionResult notInSet() {
        return set == null
                ? ActionResult.refused("94", "no replset config has been received")
                : ActionResult.refused("93", "Our replica set config is invalid or we are not a member of it");
    }

    private Map<String, Object> hello() {
        if (server.router) {
            return Map.of("msg", "isdbgrid");
        }
        return member() ? set.hello(server.endpoint, now) : Map.of("isreplicaset", true);
    }

    private Map<String, Object> compatibility() {
        return server.oldCompatibility-- > 0 ? Map.of("version", "8.0") : set.compatibility;
    }

    private Map<String, Object> parameters() {
        Map<String, Object> reply = new LinkedHashMap<>();
        if (set != null && !set.compatibility.isEmpty()) {
            reply.put("featureCompatibilityVersion", Map.of("value", compatibility()));
        }
        MongoDocument.of(command.script().values().get("names")).fields().keySet().stream()
                .filter(server.parameters::containsKey)
                .forEach(n -> reply.put(
                        n, Map.of("value", server.parameters.get(n), "settableAtRuntime", !n.startsWith("startup"))));
        return reply;
    }

    /** Its members have the same operations. */
    /** The last operation, which the primary of the set has as well. */
    private List<Map<String, Object>> newest() {
        Map<String, Object> stamp = Map.of("$timestamp", Map.of("t", now.getEpochSecond() - 1, "i", 1));
        return List.of(Map.of("ts", stamp, "t", set.term(), "op", "n", "ns", "", "changes", 1));
    }

    private List<Map<String, Object>> common() {
        return ((List<?>) command.script().values().get("stamps"))
                .stream()
                        .map(stamp -> Map.<String, Object>of("ts", stamp, "t", set.term()))
                        .toList();
    }

    private Map<String, Object> connected() {
        FakeSet.User user = set.users.get(command.login().user());
        List<Map<String, String>> roles = user.roles().stream()
                .map(r -> Map.of("role", r.split("@")[0], "db", r.split("@")[1]))
                .toList();
        return Map.of("authInfo", Map.of("authenticatedUserRoles", roles));
    }

    private ActionResult initiate(MongoDocument config) {
        if (server.set != null) {
            return ActionResult.refused("23", "already initialized");
        }
        mongo.initiated++;
        FakeSet born = new FakeSet(config, now);
        for (String host : born.hosts()) {
            mongo.at(host).set = born;
            born.up.add(host);
        }
        return DONE;
    }

    @SuppressWarnings("unchecked")
    private ActionResult user(boolean create, Map<String, Object> values) {
        String name = (String) values.get("user");
        if (create && set.users.containsKey(name)) {
            return ActionResult.refused("51003", "User \"" + name + "\" already exists");
        }
        Set<String> roles = new TreeSet<>();
        ((List<Map<String, Object>>) values.get("roles")).forEach(r -> roles.add(r.get("role") + "@" + r.get("db")));
        set.users.put(name, new FakeSet.User((dev.holdfast.model.SecretRef) values.get("password"), roles));
        return DONE;
    }

    private ActionResult concerns(Map<String, Object> values) {
        mongo.concerns.put("defaultWriteConcern", values.get("write"));
        mongo.concerns.put("defaultReadConcern", values.get("read"));
        mongo.concerns.put("defaultWriteConcernSource", "global");
        mongo.concerns.put("defaultReadConcernSource", "global");
        return DONE;
    }

    /** A wrong set jams it: the command never returns. */
    private ActionResult addShard(Map<String, Object> values) {
        String text = (String) values.get("set");
        String name = text.substring(0, text.indexOf('/'));
        for (String host : text.substring(name.length() + 1).split(",")) {
            FakeSet theirs = mongo.at(host).set;
            if (theirs == null || !theirs.name.equals(name)) {
                return ActionResult.silent("jammed by an addShard of a wrong set");
            }
        }
        mongo.shards.add(Map.of("_id", name, "host", text, "state", 1));
        return DONE;
    }

    private ActionResult balancer(boolean on) {
        mongo.balancer = on;
        return DONE;
    }

    /** A router gives it to every set, a member only to its own. */
    private ActionResult compatibility(Map<String, Object> values) {
        mongo.servers.values().stream()
                .filter(s -> s.set != null && (server.router || s.set == set))
                .forEach(s -> s.set.compatibility = Map.of("version", values.get("version")));
        return DONE;
    }

    private ActionResult set(Map<String, Object> values) {
        MongoDocument.of(values.get("parameters")).fields().forEach((k, v) -> server.parameters.put(k, v.toString()));
        return DONE;
    }
}
