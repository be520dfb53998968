package dev.holdfast.mongodb;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pretend replica set: it elects when a majority is up, gives a new member its vote two seconds after it joined, and
 * refuses the configurations that MongoDB refuses.
 */
public final class FakeSet {

    private static final long SYNC_SECONDS = 2;

    /**
     * @param restricted whether it may log in from elsewhere only
     * @param mechanisms of its login
     */
    record User(SecretRef password, Set<String> roles, boolean restricted, List<String> mechanisms) {
        User(SecretRef password, Set<String> roles) {
            this(password, roles, false);
        }

        User(SecretRef password, Set<String> roles, boolean restricted) {
            this(password, roles, restricted, List.of("SCRAM-SHA-256"));
        }

        /** Returns the user as a person creates it without naming mechanisms. */
        User withEveryMechanism() {
            return new User(password, roles, restricted, List.of("SCRAM-SHA-1", "SCRAM-SHA-256"));
        }
    }

    final String name;
    final Map<String, User> users = new LinkedHashMap<>();
    final Map<String, Instant> joined = new LinkedHashMap<>();
    public final Set<String> up = new LinkedHashSet<>();
    /** Voters that a person has started without data: they copy, and vote meanwhile. */
    public final Set<String> empty = new LinkedHashSet<>();

    public MongoDocument config;
    public String primary = "";
    private long term;
    private String led = "";
    public Map<String, Object> identity = Map.of();
    public Map<String, Object> compatibility = Map.of("version", "8.2");
    public List<String> databases = List.of("admin", "config", "local");
    private Instant electionDue;

    public FakeSet(MongoDocument config, Instant now) {
        this.name = config.text("_id");
        this.config = config;
        this.electionDue = now.plusMillis(ReplicaSetConfig.of(config).electionMillis());
        hosts().forEach(h -> joined.put(h, now));
    }

    public List<String> hosts() {
        return config.docs("members").stream().map(m -> m.text("host")).toList();
    }

    private MongoDocument member(String host) {
        return config.docs("members").stream()
                .filter(m -> m.text("host").equals(host))
                .findFirst()
                .orElseThrow();
    }

    /** Lets time pass: a lost primary is replaced when the election timeout is over and a majority is up. */
    void settle(Instant now) {
        if (!primary.isEmpty() && up.contains(primary) && hosts().contains(primary)) {
            electionDue = now.plusMillis(ReplicaSetConfig.of(config).electionMillis());
            return;
        }
        primary = "";
        if (!now.isBefore(electionDue)) {
            hosts().stream().filter(this::isElectable).findFirst().ifPresent(h -> primary = h);
        }
    }

    /** The primary leads no more, and nobody else does until it is asked for or the election timeout is over. */
    ActionResult stepAside(String host) {
        primary = host.equals(primary) ? "" : primary;
        return ActionResult.ok(List.of(Map.of("ok", 1)));
    }

    /** Every primary has a term of its own. */
    long term() {
        if (!primary.isEmpty() && !primary.equals(led)) {
            led = primary;
            term++;
        }
        return term;
    }

    private boolean isElectable(String host) {
        long voters = voters(config).size();
        long there = voters(config).stream().filter(up::contains).count();
        return up.contains(host) && there * 2 > voters && member(host).decimal("priority") > 0;
    }

    ActionResult stepUp(String host) {
        if (!isElectable(host)) {
            return ActionResult.refused("125", "Election failed.");
        }
        primary = host;
        return ActionResult.ok(List.of(Map.of("ok", 1)));
    }

    ActionResult stepDown(String host) {
        primary = hosts().stream()
                .filter(h -> !h.equals(host) && isElectable(h))
                .findFirst()
                .orElse(host);
        return ActionResult.ok(List.of(Map.of("ok", 1)));
    }

    ActionResult reconfig(String host, MongoDocument next, Instant now) {
        if (!host.equals(primary)) {
            return ActionResult.refused("10107", "replSetReconfig should only be run on a writable PRIMARY");
        }
        Set<String> before = new LinkedHashSet<>(voters(config));
        Set<String> after = new LinkedHashSet<>(voters(next));
        long gone = before.stream().filter(v -> !after.contains(v)).count();
        long come = after.stream().filter(v -> !before.contains(v)).count();
        if (gone + come > 1) {
            return ActionResult.refused("103", "can only add or remove at most 1 voting member");
        }
        if (next.number("version") <= config.number("version")) {
            return ActionResult.refused("103", "version must be greater");
        }
        if (next.docs("members").stream().map(m -> m.number("_id")).distinct().count()
                != next.docs("members").size()) {
            return ActionResult.refused("103", "duplicate _id");
        }
        boolean electable = next.docs("members").stream()
                .anyMatch(m -> m.text("host").equals(primary) && m.decimal("priority") > 0);
        if (!electable) {
            return ActionResult.refused("74", "the primary would not be electable");
        }
        config = next;
        hosts().forEach(h -> joined.putIfAbsent(h, now));
        joined.keySet().retainAll(hosts());
        double lead = member(primary).decimal("priority");
        hosts().stream()
                .filter(h -> isElectable(h) && member(h).decimal("priority") > lead)
                .findFirst()
                .ifPresent(h -> primary = h);
        return ActionResult.ok(List.of(Map.of("ok", 1)));
    }

    private static List<String> voters(MongoDocument config) {
        return config.docs("members").stream()
                .filter(m -> m.number("votes") > 0)
                .map(m -> m.text("host"))
                .toList();
    }

    private long state(String host, Instant now) {
        if (!up.contains(host)) {
            return 8;
        }
        if (member(host).is("arbiterOnly")) {
            return 7;
        }
        boolean synced = !empty.contains(host) && !now.isBefore(joined.get(host).plusSeconds(SYNC_SECONDS));
        return host.equals(primary) ? 1 : synced ? 2 : 5;
    }

    Map<String, Object> hello(String host, Instant now) {
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("setName", name);
        hello.put("hosts", shown(true));
        hello.put("passives", shown(false));
        hello.put("isWritablePrimary", host.equals(primary));
        hello.put("secondary", state(host, now) == 2);
        if (!primary.isEmpty()) {
            hello.put("primary", primary);
        }
        if (member(host).is("arbiterOnly")) {
            hello.put("arbiterOnly", true);
        }
        return hello;
    }

    private List<String> shown(boolean electable) {
        return config.docs("members").stream()
                .filter(m -> !m.is("hidden") && !m.is("arbiterOnly") && m.decimal("priority") > 0 == electable)
                .map(m -> m.text("host"))
                .toList();
    }

    Map<String, Object> status(String host, Instant now) {
        List<Map<String, Object>> members = new ArrayList<>();
        for (MongoDocument member : config.docs("members")) {
            String at = member.text("host");
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", at);
            one.put("health", up.contains(at) ? 1.0 : 0.0);
            one.put("state", state(at, now));
            one.put("stateStr", state(at, now) == 8 ? "(not reachable/healthy)" : "STATE " + state(at, now));
            one.put(
                    "optime",
                    Map.of("ts", Map.of("$timestamp", Map.of("t", now.getEpochSecond(), "i", 1)), "t", term()));
            members.add(one);
        }
        long voting = voters(config).stream()
                .filter(v -> !now.isBefore(joined.get(v).plusSeconds(SYNC_SECONDS)) || v.equals(primary))
                .count();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("set", name);
        status.put("myState", state(host, now));
        status.put("votingMembersCount", voting);
        status.put("writeMajorityCount", voters(config).size() / 2 + 1);
        status.put("term", term());
        Map<String, Object> optime =
                Map.of("ts", Map.of("$timestamp", Map.of("t", now.getEpochSecond(), "i", 1)), "t", term());
        status.put("optimes", Map.of("appliedOpTime", optime, "lastCommittedOpTime", optime));
        status.put("members", members);
        return status;
    }

    List<Map<String, Object>> userDocuments() {
        return users.entrySet().stream()
                .map(e -> Map.of(
                        "authenticationRestrictions",
                        e.getValue().restricted() ? List.of(Map.of("clientSource", List.of("10.0.0.0/8"))) : List.of(),
                        "user",
                        (Object) e.getKey(),
                        "db",
                        "admin",
                        "mechanisms",
                        e.getValue().mechanisms(),
                        "roles",
                        e.getValue().roles().stream()
                                .map(r -> Map.of("role", r.split("@")[0], "db", r.split("@")[1]))
                                .collect(Collectors.toList())))
                .toList();
    }
}
