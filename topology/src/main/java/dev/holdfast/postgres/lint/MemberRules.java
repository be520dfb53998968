package dev.holdfast.postgres.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Quantities;
import dev.holdfast.postgres.topology.AutomaticFailover.Watchdog;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules about the members of a cluster and about its failover. */
final class MemberRules {

    /** The shortest time in which an operator notices an alert and decides. */
    private static final Duration AN_OPERATOR = Duration.ofMinutes(1);

    private static final int LARGE_LAG = 128;

    /** The first major version that is supported on the day of this release. */
    private static final int FIRST_SUPPORTED = 15;

    private static final Pattern VERSION = Pattern.compile("(?:postgresql|pgsql)[-/]([0-9]{1,2})(?:[./].*)?");

    private MemberRules() {}

    static List<LintRule> all() {
        return List.of(
                PostgresClusterRule.of("postgres-no-standby", MemberRules::noStandby),
                PostgresClusterRule.of("postgres-only-distant-standby", MemberRules::onlyDistant),
                PostgresClusterRule.of("postgres-commits-wait-for-all", MemberRules::waitsForAll),
                PostgresClusterRule.of("postgres-rto-without-automatic-failover", MemberRules::manual),
                PostgresClusterRule.of("postgres-watchdog-off", MemberRules::watchdog),
                PostgresClusterRule.of("postgres-candidate-far-behind", MemberRules::lag),
                PostgresClusterRule.of("postgres-unsupported-binaries", MemberRules::binaries));
    }

    private static void noStandby(PostgresCluster cluster, Findings findings) {
        if (cluster.members().size() == 1) {
            findings.warn(
                    "/primary",
                    cluster.name() + " has no standby: after the loss of "
                            + cluster.declaredPrimary().node().name() + ", only a restore brings it back",
                    "add standbys: { HOST: sync } with a host in another zone");
        }
    }

    private static void onlyDistant(PostgresCluster cluster, Findings findings) {
        if (cluster.members().size() > 1
                && cluster.members().stream().skip(1).allMatch(m -> m.role() == MemberRole.DR)) {
            findings.warn(
                    "/dr",
                    cluster.name()
                            + " has disaster-recovery copies and no standby: each failover loses the newest commits",
                    "add standbys: { HOST: sync } with a host in another zone");
        }
    }

    private static void waitsForAll(PostgresCluster cluster, Findings findings) {
        long waited = cluster.members().stream()
                .skip(1)
                .filter(m -> m.role() == MemberRole.SYNC)
                .count();
        int count = cluster.synchronous().count();
        if (cluster.durability() == Durability.PROTECT && count > 1 && count == waited) {
            findings.warn(
                    "/synchronous",
                    "each commit of " + cluster.name() + " waits for all " + waited
                            + " synchronous standbys: the loss of any of them stops writes",
                    "write a lower number, or make another standby sync");
        }
    }

    private static void manual(PostgresCluster cluster, Findings findings) {
        boolean isShort = cluster.objectives()
                .rto()
                .filter(r -> r.compareTo(AN_OPERATOR) < 0)
                .isPresent();
        if (isShort && cluster.automatic().isEmpty()) {
            findings.warn(
                    "/objectives/rto",
                    "an RTO of " + Quantities.shown(cluster.objectives().rto().get()) + " cannot be met by "
                            + cluster.name() + ": an operator decides each failover",
                    "write failover: automatic, or allow an RTO of 1m or more");
        }
    }

    private static void watchdog(PostgresCluster cluster, Findings findings) {
        boolean isOff =
                cluster.automatic().filter(a -> a.watchdog() == Watchdog.OFF).isPresent();
        if (isOff && findings.isProduction()) {
            findings.warn(
                    findings.declares("/automatic/watchdog") ? "/automatic/watchdog" : "/automatic",
                    cluster.name()
                            + " fails over without a watchdog: a primary whose Patroni hangs can accept writes next to the new primary",
                    "write watchdog: automatic, or required where every member's host has the device");
        }
    }

    private static void lag(PostgresCluster cluster, Findings findings) {
        boolean isLarge =
                cluster.automatic().filter(a -> a.maximumLag() > LARGE_LAG).isPresent();
        if (isLarge && cluster.durability() != Durability.PROTECT) {
            findings.warn(
                    "/automatic/maximumLag",
                    "Patroni may promote a standby of " + cluster.name() + " that lacks "
                            + cluster.automatic().get().maximumLag() + " MB of WAL: that many commits are lost",
                    "leave maximumLag out, or write durability: protect");
        }
    }

    private static void binaries(PostgresCluster cluster, Findings findings) {
        cluster.members().stream()
                .map(m -> cluster.binaries(m.node().host()))
                .distinct()
                .forEach(b -> binaries(cluster, b, findings));
    }

    private static void binaries(PostgresCluster cluster, String directory, Findings findings) {
        Matcher version = VERSION.matcher(directory);
        if (version.find() && Integer.parseInt(version.group(1)) < FIRST_SUPPORTED) {
            findings.warn(
                    "/binaries",
                    "PostgreSQL " + version.group(1) + " of " + cluster.name() + " gets no more security fixes",
                    "restore into a new cluster with a supported version, " + FIRST_SUPPORTED + " or later");
        }
    }
}
