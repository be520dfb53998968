package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Quantities;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The rules about read and write concerns: what a client knows when a write is acknowledged. */
final class ConcernRules {

    private static final String DEFAULT = "/defaults/writeConcern";
    private static final Set<String> DURABLE_READS = Set.of("majority", "linearizable", "snapshot");

    private ConcernRules() {}

    /** The examination of one declared write concern. */
    @FunctionalInterface
    private interface Check {
        /** @param subject the writes that use the concern */
        void judge(MongoCluster cluster, WriteConcern concern, String subject, String path, Findings findings);
    }

    static List<LintRule> all() {
        return List.of(
                MongoClusterRule.of("mongodb-write-concern-one", ConcernRules::one),
                ofConcerns("mongodb-write-concern-all", ConcernRules::allMembers),
                ofConcerns("mongodb-write-concern-below-majority", ConcernRules::belowMajority),
                ofConcerns("mongodb-write-concern-without-journal", ConcernRules::journal),
                ofConcerns("mongodb-write-timeout-short", ConcernRules::timeout),
                MongoClusterRule.of("mongodb-read-concern-available", ConcernRules::available),
                MongoClusterRule.of("mongodb-read-concern-beyond-write", ConcernRules::beyondWrite));
    }

    private static LintRule ofConcerns(String id, Check check) {
        return MongoClusterRule.of(id, (cluster, findings) -> {
            check.judge(cluster, cluster.defaults().write(), "a write of " + cluster.name(), DEFAULT, findings);
            cluster.writeConcerns()
                    .forEach((name, concern) ->
                            check.judge(cluster, concern, "a write to " + name, "/writeConcerns/" + name, findings));
        });
    }

    private static void one(MongoCluster cluster, Findings findings) {
        boolean isZero = cluster.objectives().rpo().filter(Duration::isZero).isPresent();
        boolean hasOthers = cluster.sets().stream().anyMatch(s -> s.members().size() > 1);
        if (cluster.defaults().write().w().equals("1") && !isZero && hasOthers) {
            findings.warn(
                    DEFAULT,
                    "a write of " + cluster.name()
                            + " is acknowledged when only the primary has it: a failover can undo it",
                    "write defaults: { writeConcern: majority }, and w: 1 for single collections under writeConcerns");
        }
    }

    private static int number(WriteConcern concern) {
        return Quantities.whole(concern.w()).orElse(0L).intValue();
    }

    private static void allMembers(
            MongoCluster cluster, WriteConcern concern, String subject, String path, Findings findings) {
        for (MongoSet set : cluster.sets()) {
            long holders = set.members().stream().filter(m -> !m.arbiter()).count();
            boolean hasArbiter = holders < set.members().size();
            if (number(concern) > 1 && number(concern) == holders && !hasArbiter) {
                findings.warn(
                        path,
                        subject + " waits for all " + holders + " members of " + set.name()
                                + ": it waits without end when one is lost",
                        "write w: majority");
                return;
            }
        }
    }

    private static void belowMajority(
            MongoCluster cluster, WriteConcern concern, String subject, String path, Findings findings) {
        for (MongoSet set : cluster.sets()) {
            int majority = set.voters().size() / 2 + 1;
            if (number(concern) > 1 && number(concern) < majority) {
                findings.warn(
                        path,
                        subject + " waits for " + number(concern) + " members, and the majority of " + set.name()
                                + " is " + majority + ": a failover can undo it",
                        "write w: majority");
                return;
            }
        }
    }

    private static void journal(
            MongoCluster cluster, WriteConcern concern, String subject, String path, Findings findings) {
        if (concern.journal().filter(j -> !j).isPresent()) {
            findings.warn(
                    path,
                    subject
                            + " is acknowledged before it is in a journal on disk (j: false): a power failure can lose it",
                    "leave j out, or write j: true");
        }
    }

    private static void timeout(
            MongoCluster cluster, WriteConcern concern, String subject, String path, Findings findings) {
        for (MongoSet set : cluster.sets()) {
            if (!concern.timeout().isZero() && concern.timeout().compareTo(set.electionTimeout()) < 0) {
                findings.warn(
                        path,
                        subject + " fails after " + Quantities.shown(concern.timeout()) + ", and an election of "
                                + set.name()
                                + " begins after " + Quantities.shown(set.electionTimeout())
                                + ": the client gets an error although the write can be kept",
                        "write a wtimeout above electionTimeout");
                return;
            }
        }
    }

    private static void available(MongoCluster cluster, Findings findings) {
        if (cluster.isSharded() && cluster.defaults().level().equals("available")) {
            findings.warn(
                    "/defaults/readConcern",
                    "reads of " + cluster.name()
                            + " use the read concern available: they can return documents that moved to another shard",
                    "write readConcern: local or majority");
        }
    }

    private static void beyondWrite(MongoCluster cluster, Findings findings) {
        cluster.options().readConcerns().forEach((name, level) -> {
            WriteConcern write = cluster.writeConcerns()
                    .getOrDefault(name, cluster.defaults().write());
            if (DURABLE_READS.contains(level) && write.w().equals("1")) {
                findings.warn(
                        "/readConcerns/" + name,
                        "reads of " + name
                                + " wait for a majority, and its writes do not (w: 1): a client can miss its own writes",
                        "write w: majority for " + name + " under writeConcerns");
            }
        });
    }
}
