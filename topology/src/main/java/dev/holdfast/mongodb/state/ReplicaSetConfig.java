package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of a replica set's configuration that Holdfast manages; all other settings stay unchanged.
 *
 * @param members in the order of the configuration
 */
public record ReplicaSetConfig(String name, List<MemberShape> members, long electionMillis, long heartbeatMillis) {

    public ReplicaSetConfig {
        members = List.copyOf(members);
    }

    /** One member, by its endpoint. */
    public record MemberShape(
            String host,
            double priority,
            long votes,
            boolean hidden,
            boolean arbiter,
            long delay,
            Map<String, String> tags) {

        public static MemberShape of(Member member) {
            return new MemberShape(
                    member.node().endpoint(),
                    member.arbiter() ? 0 : member.priority(),
                    member.votes(),
                    member.hidden(),
                    member.arbiter(),
                    member.delay().toSeconds(),
                    new TreeMap<>(member.tags()));
        }

        public static MemberShape of(MongoDocument member) {
            Map<String, String> tags = new TreeMap<>();
            member.doc("tags").fields().forEach((k, v) -> tags.put(k, String.valueOf(v)));
            return new MemberShape(
                    member.text("host"),
                    member.is("arbiterOnly") ? 0 : member.decimal("priority"),
                    member.number("votes"),
                    member.is("hidden"),
                    member.is("arbiterOnly"),
                    member.number("secondaryDelaySecs"),
                    tags);
        }

        /** Returns the same member without a vote; an arbiter keeps its vote. */
        public MemberShape withoutVote() {
            return new MemberShape(host, 0, arbiter ? 1 : 0, hidden, arbiter, delay, tags);
        }

        /** Returns the same member with priority 0. */
        public MemberShape passive() {
            return withPriority(0);
        }

        public MemberShape withPriority(double other) {
            return new MemberShape(host, other, votes, hidden, arbiter, delay, tags);
        }

        public boolean isWritableVoter() {
            return !arbiter && votes > 0;
        }

        public MemberShape tagged(Map<String, String> others) {
            return new MemberShape(host, priority, votes, hidden, arbiter, delay, new TreeMap<>(others));
        }

        public boolean votes(MemberShape other) {
            return votes == other.votes;
        }

        /** Returns the member's document with these values, other fields unchanged. */
        public Map<String, Object> over(Map<String, Object> found) {
            Map<String, Object> doc = new LinkedHashMap<>(found);
            doc.put("host", host);
            doc.put("arbiterOnly", arbiter);
            doc.put("priority", priority);
            doc.put("votes", votes);
            doc.put("hidden", hidden);
            doc.put("secondaryDelaySecs", delay);
            doc.put("tags", tags);
            return doc;
        }

        /** Returns the differences, with observed and desired values. */
        public List<String> against(MemberShape desired) {
            List<String> differences = new ArrayList<>();
            compare(differences, "priority", priority, desired.priority);
            compare(differences, "votes", votes, desired.votes);
            compare(differences, "hidden", hidden, desired.hidden);
            compare(differences, "delay", delay + " s", desired.delay + " s");
            compare(differences, "tags", tags, desired.tags);
            return differences;
        }
    }

    public static void compare(List<String> differences, String what, Object observed, Object desired) {
        if (!observed.equals(desired)) {
            differences.add(what + " is " + observed + ", desired " + desired);
        }
    }

    public static ReplicaSetConfig of(MongoSet set) {
        return new ReplicaSetConfig(
                set.name(),
                set.members().stream().map(MemberShape::of).toList(),
                set.electionTimeout().toMillis(),
                set.heartbeat().toMillis());
    }

    public static ReplicaSetConfig of(MongoDocument config) {
        MongoDocument settings = config.doc("settings");
        return new ReplicaSetConfig(
                config.text("_id"),
                config.docs("members").stream().map(MemberShape::of).toList(),
                settings.number("electionTimeoutMillis"),
                settings.number("heartbeatIntervalMillis"));
    }

    public ReplicaSetConfig with(List<MemberShape> other) {
        return new ReplicaSetConfig(name, other, electionMillis, heartbeatMillis);
    }

    /** Returns the configuration document with this shape, other fields unchanged. */
    public Map<String, Object> over(MongoDocument found, long version) {
        return over(found, version, found);
    }

    /**
     * Returns the configuration document with this shape, other fields as found.
     *
     * @param own the present configuration of the member that receives the document. The server refuses another {@code _id} for a
     *     host that both configurations contain.
     */
    public Map<String, Object> over(MongoDocument found, long version, MongoDocument own) {
        Map<String, Object> doc = new LinkedHashMap<>(found.fields());
        doc.put("_id", name);
        doc.put("version", version);
        doc.remove("term");
        Map<String, Map<String, Object>> known = byHost(found);
        Map<String, Map<String, Object>> ofReceiver = byHost(own);
        Set<Object> taken = ofReceiver.values().stream().map(m -> m.get("_id")).collect(Collectors.toSet());
        long next = 1
                + Stream.of(found, own)
                        .flatMap(c -> c.docs("members").stream())
                        .mapToLong(m -> m.number("_id"))
                        .max()
                        .orElse(-1);
        List<Map<String, Object>> documents = new ArrayList<>();
        for (MemberShape member : members) {
            Map<String, Object> before = new LinkedHashMap<>(
                    known.getOrDefault(member.host(), ofReceiver.getOrDefault(member.host(), Map.of())));
            if (ofReceiver.containsKey(member.host())) {
                before.put("_id", ofReceiver.get(member.host()).get("_id"));
            } else if (before.isEmpty() || taken.contains(before.get("_id"))) {
                before.put("_id", next++);
            }
            documents.add(member.over(before));
        }
        doc.put("members", documents);
        Map<String, Object> settings = new LinkedHashMap<>(found.doc("settings").fields());
        settings.put("electionTimeoutMillis", electionMillis);
        settings.put("heartbeatIntervalMillis", heartbeatMillis);
        doc.put("settings", settings);
        return doc;
    }

    private static Map<String, Map<String, Object>> byHost(MongoDocument config) {
        Map<String, Map<String, Object>> members = new LinkedHashMap<>();
        config.docs("members").forEach(m -> members.put(m.text("host"), m.fields()));
        return members;
    }

    @Override
    public String toString() {
        return members.stream().map(MemberShape::host).collect(Collectors.joining(", "));
    }
}
