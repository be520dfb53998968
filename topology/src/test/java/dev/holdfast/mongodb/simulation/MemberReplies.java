package dev.holdfast.mongodb.simulation;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a member replies to one command. */
record MemberReplies(
        SimulatedSet set, MongoCluster cluster, ReplicaMember member, Action.RunDocumentCommand command, Instant now) {

    private static final String VERSION = "8.2.0";
    private static final ActionResult DONE = ActionResult.ok(List.of(Map.of("ok", 1)));

    ActionResult answer() {
        String file = command.script().file();
        if (member.isArbiter && member.config != null) {
            return file.equals("mongodb/hello.json")
                    ? ok(hello())
                    : ActionResult.refused("13", "requires authentication");
        }
        if (!letsIn(command.login())) {
            return ActionResult.refused("18", "Authentication failed.");
        }
        if (command.login().isAnonymous() && !file.equals("mongodb/hello.json")) {
            return ActionResult.refused("13", "requires authentication");
        }
        return switch (file) {
            case "mongodb/hello.json" -> ok(hello());
            case "mongodb/version.json" -> ok(Map.of("version", VERSION));
            case "mongodb/options.json" -> ok(Map.of("parsed", member.server().parsed()));
            case "mongodb/parameters.json" -> ok(parameters());
            case "mongodb/status.json" -> member.isMember() ? ok(status()) : notInSet();
            case "mongodb/config.json" -> member.isMember() ? ok(config()) : notInSet();
            case "mongodb/config-committed.json" -> member.isMember() ? ok(committedConfig()) : notInSet();
            case "mongodb/users.json" -> ok(Map.of("users", users("")));
            case "mongodb/user.json" ->
                ok(Map.of("users", users(command.script().values().get("user").toString())));
            case "mongodb/connected.json" -> ok(connected());
            case "mongodb/default-concerns.json" -> ok(set.concerns);
            case "mongodb/compatibility.json" -> ok(Map.of("featureCompatibilityVersion", Map.of("version", "8.2")));
            case "mongodb/oplog-size.json" -> batch(member.server().oplog());
            case "mongodb/oplog-last.json" ->
                batch(
                        member.hasData()
                                ? List.of(member.oplog
                                        .get(member.oplog.size() - 1)
                                        .position())
                                : List.of());
            case "mongodb/stored-config.json" ->
                batch(member.config == null ? List.of() : List.of(member.config.document()));
            case "mongodb/oplog-newest.json" -> batch(newest());
            case "mongodb/oplog-common.json" -> batch(common());
            case "mongodb/oplog-changes.json" -> batch(changes());
            default -> change(file, command.script().values());
        };
    }

    private ActionResult change(String file, Map<String, Object> values) {
        return switch (file) {
            case "mongodb/initiate.json" -> initiate(MongoDocument.of(values.get("config")));
            case "mongodb/create-user.json", "mongodb/update-user.json" -> {
                set.users.add(values.get("user").toString());
                yield DONE;
            }
            case "mongodb/set-default-concerns.json" -> concerns(values);
            case "mongodb/set-parameter.json" -> {
                MongoDocument.of(values.get("parameters"))
                        .fields()
                        .forEach((k, v) -> member.server().parameters.put(k, v.toString()));
                yield DONE;
            }
            case "mongodb/step-up.json" ->
                member.isPrimary || set.elect(member, now) ? DONE : ActionResult.refused("125", "Election failed.");
            case "mongodb/freeze.json" -> freeze(((Number) values.get("seconds")).longValue());
            case "mongodb/step-aside.json" -> stepDown(((Number) values.get("seconds")).longValue());
            case "mongodb/step-down.json" -> stepDown(60);
            case "mongodb/reconfig.json" -> outcome(set.reconfigure(member, next(values), now));
            case "mongodb/force-reconfig.json" -> outcome(set.force(member, next(values), now));
            default -> null;
        };
    }

    private static MemberConfig next(Map<String, Object> values) {
        MongoDocument document = MongoDocument.of(values.get("config"));
        return MemberConfig.of(document, document.number("version"), 0, Set.of());
    }

    private static ActionResult outcome(String refusal) {
        int space = refusal.indexOf(' ');
        return refusal.isEmpty()
                ? DONE
                : ActionResult.refused(refusal.substring(0, space), refusal.substring(space + 1));
    }

    private static ActionResult ok(Map<String, Object> reply) {
        return ActionResult.ok(List.of(reply));
    }

    private static ActionResult batch(List<Map<String, Object>> documents) {
        return ok(Map.of("cursor", Map.of("firstBatch", documents)));
    }

    private ActionResult notInSet() {
        return member.config == null
                ? ActionResult.refused("94", "no replset config has been received")
                : ActionResult.refused("93", "Our replica set config is invalid or we are not a member of it");
    }

    /** Users are data: a member that copies them has none yet. */
    private boolean letsIn(Credentials login) {
        if (login.isAnonymous()) {
            return true;
        }
        return login.user().equals("__system")
                ? login.password().equals(member.server().keyfile)
                : member.hasData() && set.users.contains(login.user());
    }

    private int state(ReplicaMember at) {
        if (at != member && !set.isLinked(member, at)) {
            return 8;
        }
        if (at.config == null) {
            return 0;
        }
        if (at.isRemoved()) {
            return 10;
        }
        return at.isArbiter ? 7 : at.isPrimary ? 1 : at.isSyncing ? 5 : 2;
    }

    private Map<String, Object> hello() {
        Map<String, Object> hello = new LinkedHashMap<>();
        if (!member.isMember()) {
            hello.put("isreplicaset", true);
            return hello;
        }
        hello.put("setName", member.config.document().get("_id"));
        hello.put("isWritablePrimary", member.isPrimary);
        hello.put("secondary", state(member) == 2);
        ReplicaMember leader = set.leader(member);
        if (leader != null) {
            hello.put("primary", leader.endpoint);
        }
        if (member.isPrimary) {
            hello.put("electionId", Map.of("$oid", String.format("7fffffff%016d", member.term)));
        }
        if (member.isArbiter) {
            hello.put("arbiterOnly", true);
        }
        return hello;
    }

    private Map<String, Object> parameters() {
        Map<String, Object> reply = new LinkedHashMap<>();
        if (member.hasData()) {
            reply.put("featureCompatibilityVersion", Map.of("value", Map.of("version", "8.2")));
        }
        MongoDocument.of(command.script().values().get("names")).fields().keySet().stream()
                .filter(member.server().parameters::containsKey)
                .forEach(n ->
                        reply.put(n, Map.of("value", member.server().parameters.get(n), "settableAtRuntime", true)));
        return reply;
    }

    private Map<String, Object> config() {
        return Map.of("config", member.config.document());
    }

    private Map<String, Object> committedConfig() {
        return member.isPrimary
                ? Map.of("config", member.config.document(), "commitmentStatus", set.isCommitted(member))
                : config();
    }

    private Map<String, Object> status() {
        List<Map<String, Object>> members = new ArrayList<>();
        for (MemberConfig.Entry entry : member.config.entries()) {
            ReplicaMember at = set.members.get(entry.host());
            int state = at == null ? 8 : state(at);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", entry.host());
            one.put("health", state == 8 ? 0 : 1);
            one.put("state", state);
            one.put("stateStr", state == 8 ? "(not reachable/healthy)" : "STATE " + state);
            if (state != 8) {
                OpTime last = at == member ? at.last() : member.positions.getOrDefault(entry.host(), OpTime.NONE);
                one.put("optime", position(last));
            }
            if (at == member) {
                one.put("self", true);
            }
            members.add(one);
        }
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("set", member.config.document().get("_id"));
        status.put("myState", state(member));
        status.put("votingMembersCount", member.config.voters());
        status.put("term", member.term);
        OpTime committed = member.committed == 0
                ? OpTime.NONE
                : member.oplog
                        .get(Math.min(member.committed, member.oplog.size()) - 1)
                        .at();
        status.put(
                "optimes",
                Map.of("appliedOpTime", position(member.last()), "lastCommittedOpTime", position(committed)));
        status.put("members", members);
        return status;
    }

    private static Map<String, Object> position(OpTime at) {
        return at.isKnown() ? new OplogEntry(at, 0).position() : Map.of();
    }

    private List<Map<String, Object>> users(String name) {
        List<Map<String, Object>> users = new ArrayList<>();
        for (MongoCluster.User user : cluster.users()) {
            if (set.users.contains(user.name()) && (name.isEmpty() || name.equals(user.name()))) {
                users.add(user(user.name(), user.roles()));
            }
        }
        if (set.users.contains(MongoCluster.ADMIN) && (name.isEmpty() || name.equals(MongoCluster.ADMIN))) {
            users.add(user(MongoCluster.ADMIN, List.of("root@admin")));
        }
        return users;
    }

    private static Map<String, Object> user(String name, List<String> roles) {
        return Map.of(
                "user",
                name,
                "db",
                "admin",
                "roles",
                roles.stream()
                        .map(r -> Map.of("role", r.split("@")[0], "db", r.split("@")[1]))
                        .collect(Collectors.toList()));
    }

    private Map<String, Object> connected() {
        return Map.of("authInfo", Map.of("authenticatedUserRoles", List.of()));
    }

    private List<Map<String, Object>> newest() {
        ClusterTime before = time(command.script().values().get("before"));
        List<Map<String, Object>> found = new ArrayList<>();
        for (int i = member.oplog.size() - 1; i >= 0 && found.size() < 1000; i--) {
            if (ClusterTime.of(member.oplog.get(i).at()).compareTo(before) < 0) {
                found.add(member.oplog.get(i).document());
            }
        }
        return found;
    }

    private static ClusterTime time(Object stamp) {
        MongoDocument time = MongoDocument.of(stamp).doc("$timestamp");
        return new ClusterTime(time.number("t"), time.number("i"));
    }

    private List<Map<String, Object>> common() {
        Set<ClusterTime> stamps = ((List<?>) command.script().values().get("stamps"))
                .stream().map(MemberReplies::time).collect(Collectors.toSet());
        return member.oplog.stream()
                .filter(e -> stamps.contains(ClusterTime.of(e.at())))
                .map(OplogEntry::position)
                .toList();
    }

    private List<Map<String, Object>> changes() {
        ClusterTime after = time(command.script().values().get("after"));
        long changes = member.oplog.stream()
                .filter(e -> e.isWrite() && ClusterTime.of(e.at()).compareTo(after) > 0)
                .count();
        return changes == 0 ? List.of() : List.of(Map.of("changes", changes));
    }

    private ActionResult initiate(MongoDocument document) {
        if (member.config != null) {
            return ActionResult.refused("23", "already initialized");
        }
        member.config = MemberConfig.of(document, 1, 0, Set.of());
        set.write(member, 0, now);
        member.waitForPrimary(now);
        set.settle(now.plusSeconds(3));
        return DONE;
    }

    private ActionResult concerns(Map<String, Object> values) {
        set.concerns.put("defaultWriteConcern", values.get("write"));
        set.concerns.put("defaultReadConcern", values.get("read"));
        set.concerns.put("defaultWriteConcernSource", "global");
        set.concerns.put("defaultReadConcernSource", "global");
        return DONE;
    }

    private ActionResult freeze(long seconds) {
        if (member.isPrimary) {
            return ActionResult.refused("95", "cannot freeze node when primary or running for election");
        }
        member.frozenUntil = seconds == 0 ? Instant.EPOCH : now.plusSeconds(seconds);
        return DONE;
    }

    private ActionResult stepDown(long seconds) {
        if (!member.isPrimary) {
            return ActionResult.refused("10107", "not primary so can't step down");
        }
        return set.stepDown(member, Duration.ofSeconds(seconds), now)
                ? DONE
                : ActionResult.refused("262", "No electable secondaries caught up");
    }
}
