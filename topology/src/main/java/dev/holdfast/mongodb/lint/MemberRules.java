package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Quantities;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The rules about the members of a replica set, its oplog and its elections. */
final class MemberRules {

    /** The least size that a running server accepts for its oplog. */
    private static final int LEAST_OPLOG = 990;

    private static final Duration SHORT_DELAY = Duration.ofMinutes(10);
    private static final Duration SHORT_ELECTION = Duration.ofSeconds(1);
    private static final Duration LONG_ELECTION = Duration.ofSeconds(60);
    private static final String RETENTION = "storage.oplogMinRetentionHours";

    private MemberRules() {}

    static List<LintRule> all() {
        return List.of(
                SetRule.rule("mongodb-oplog-small", MemberRules::oplog),
                SetRule.ofData("mongodb-delay-beyond-oplog", MemberRules::delayBeyondOplog),
                ofMembers(
                        "mongodb-delayed-voter",
                        m -> !m.delay().isZero() && m.votes() > 0,
                        m -> "has a delay of " + Quantities.shown(m.delay())
                                + " and a vote: a w: majority write that needs this member waits "
                                + Quantities.shown(m.delay()),
                        "set votes: 0 on this member, and keep an odd number of voters"),
                ofMembers(
                        "mongodb-hidden-voter",
                        m -> m.hidden() && m.delay().isZero() && m.votes() > 0,
                        m -> "is hidden and votes: it counts for the majority and can never become primary",
                        "set votes: 0 on this member, and keep an odd number of voters"),
                ofMembers(
                        "mongodb-delay-short",
                        m -> !m.delay().isZero() && m.delay().compareTo(SHORT_DELAY) < 0,
                        m -> "has a delay of " + Quantities.shown(m.delay())
                                + ": a mistake is copied before an operator can stop the member",
                        "set the delay to 1h or more, or leave the key delay out"),
                ofMembers(
                        "mongodb-delayed-member-visible",
                        m -> !m.delay().isZero() && !m.hidden() && !m.arbiter(),
                        m -> "has a delay and is not hidden: clients could read old data from it",
                        "add hidden: true"),
                SetRule.ofData("mongodb-delayed-shard-member", MemberRules::delayedInShard),
                SetRule.rule("mongodb-several-arbiters", MemberRules::arbiters),
                SetRule.rule("mongodb-single-candidate", MemberRules::singleCandidate),
                SetRule.rule("mongodb-candidates-in-one-zone", MemberRules::candidatesInOneZone),
                SetRule.ofData("mongodb-one-region", MemberRules::oneRegion),
                SetRule.rule("mongodb-election-timeout-short", MemberRules::electionShort),
                SetRule.rule("mongodb-election-timeout-long", MemberRules::electionLong),
                SetRule.rule("mongodb-heartbeat-slow", MemberRules::heartbeat));
    }

    private static LintRule ofMembers(
            String id, Predicate<Member> isWrong, Function<Member, String> what, String hint) {
        return SetRule.ofData(id, (cluster, set, path, findings) -> {
            for (int i = 0; i < set.members().size(); i++) {
                Member member = set.members().get(i);
                if (isWrong.test(member)) {
                    findings.warn(place(findings, path, i), member.node().id() + " " + what.apply(member), hint);
                }
            }
        });
    }

    private static String place(Findings findings, String path, int index) {
        return findings.declares(path + "/members") ? path + "/members/" + index : path + "/" + index;
    }

    private static List<Member> holders(MongoSet set) {
        return set.members().stream().filter(m -> !m.arbiter()).toList();
    }

    private static List<Member> candidates(MongoSet set) {
        return set.members().stream().filter(m -> m.priority() > 0).toList();
    }

    private static void oplog(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        if (set.oplogMegabytes() > 0 && set.oplogMegabytes() < LEAST_OPLOG) {
            String own = path + "/oplogSize";
            findings.warn(
                    findings.declares(own) ? own : "/oplogSize",
                    "the oplog of " + cluster.name() + "/" + set.name() + " has " + set.oplogMegabytes()
                            + " MB: a member that is away for a short time must copy all data",
                    "write oplogSize: 2GB or more, or leave it out: mongod then takes 5 percent of the disk");
        }
    }

    private static void delayBeyondOplog(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        double hours = Quantities.decimal(String.valueOf(cluster.settings().getOrDefault(RETENTION, "0")))
                .orElse(0.0);
        for (int i = 0; i < set.members().size(); i++) {
            Member member = set.members().get(i);
            if (!member.delay().isZero() && hours * 3600 <= member.delay().toSeconds()) {
                findings.warn(
                        place(findings, path, i),
                        member.node().id() + " has a delay of " + Quantities.shown(member.delay()) + ", and "
                                + (hours > 0 ? RETENTION + " keeps less oplog" : "no setting keeps that much oplog")
                                + ": it can fall out of the oplog",
                        "write settings: { " + RETENTION + ": "
                                + (member.delay().toHours() + 24) + " }");
            }
        }
    }

    private static void delayedInShard(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        boolean isDelayed = set.members().stream().anyMatch(m -> !m.delay().isZero());
        if (cluster.isSharded() && cluster.balancer() && isDelayed) {
            findings.warn(
                    path,
                    cluster.name() + "/" + set.name()
                            + " has a delayed member, and the balancer moves chunks: its old state does not fit the other shards",
                    "restore to a time instead: backup: { base: daily, oplogEvery: 60s }");
        }
    }

    private static void arbiters(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        long arbiters = set.members().stream().filter(Member::arbiter).count();
        if (arbiters > 1) {
            findings.warn(
                    path,
                    cluster.name() + "/" + set.name() + " has " + arbiters
                            + " arbiters: a majority can consist of members without the newest writes",
                    "keep one arbiter at most");
        }
    }

    private static void singleCandidate(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        if (set.voters().size() > 1
                && holders(set).size() > 1
                && candidates(set).size() == 1) {
            findings.warn(
                    path,
                    "only " + candidates(set).get(0).node().id()
                            + " can become primary: when it is lost, no election has a candidate",
                    "write a priority above 0 on another member, in another zone");
        }
    }

    private static void candidatesInOneZone(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        Set<String> zones = zones(candidates(set));
        if (candidates(set).size() > 1
                && zones.size() == 1
                && !zones.contains("")
                && zones(holders(set)).size() > 1) {
            findings.warn(
                    path,
                    "all members of " + cluster.name() + "/" + set.name() + " that can become primary are in zone "
                            + zones.iterator().next() + ": after its loss no election has a candidate",
                    "write a priority above 0 on a member in another zone");
        }
    }

    private static Set<String> zones(List<Member> members) {
        return members.stream().map(m -> m.node().host().zone()).collect(Collectors.toSet());
    }

    private static void oneRegion(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        Set<String> regions =
                set.members().stream().map(m -> m.node().host().region()).collect(Collectors.toSet());
        if (findings.isProduction() && set.members().size() > 1 && regions.size() == 1 && !regions.contains("")) {
            findings.warn(
                    path,
                    "all members of " + cluster.name() + "/" + set.name() + " are in region "
                            + regions.iterator().next() + ": after its loss only backups remain",
                    "add a member in another region, with priority: 0 if it must not become primary");
        }
    }

    private static void electionShort(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        if (set.electionTimeout().compareTo(SHORT_ELECTION) < 0) {
            election(cluster, set, path, findings, "a short pause of the primary or the network replaces it");
        }
    }

    private static void electionLong(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        if (set.electionTimeout().compareTo(LONG_ELECTION) > 0) {
            election(cluster, set, path, findings, "for that time after the loss of the primary, every write fails");
        }
    }

    private static void election(MongoCluster cluster, MongoSet set, String path, Findings findings, String result) {
        String own = path + "/electionTimeout";
        findings.warn(
                findings.declares(own) ? own : "/electionTimeout",
                "the election timeout of " + cluster.name() + "/" + set.name() + " is "
                        + Quantities.shown(set.electionTimeout()) + ": " + result,
                "write electionTimeout: 10s, or a value from 1s to 60s that you have tested");
    }

    private static void heartbeat(MongoCluster cluster, MongoSet set, String path, Findings findings) {
        boolean isSlow = set.heartbeat().multipliedBy(2).compareTo(set.electionTimeout()) > 0;
        if (isSlow && set.heartbeat().compareTo(set.electionTimeout()) < 0) {
            String own = path + "/heartbeat";
            findings.warn(
                    findings.declares(own) ? own : findings.declares("/heartbeat") ? "/heartbeat" : path,
                    "members of " + cluster.name() + "/" + set.name() + " send a heartbeat every "
                            + Quantities.shown(set.heartbeat()) + ", and elect after "
                            + Quantities.shown(set.electionTimeout())
                            + ": one lost heartbeat is enough for an election",
                    "write a heartbeat of a fifth of electionTimeout");
        }
    }
}
