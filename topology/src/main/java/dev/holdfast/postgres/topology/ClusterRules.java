package dev.holdfast.postgres.topology;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.model.Quantities;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.value.PostgresVersions;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules for declarations that PostgreSQL would refuse or could never fulfil. */
public final class ClusterRules {

    /** Parameters that Holdfast derives from the topology, with the keys to use instead. */
    public static final Map<String, String> OWNED = owned();

    private static final Pattern PACKAGED = Pattern.compile("/usr/(?:lib/postgresql/|pgsql-)([0-9]{1,2})/bin/?");

    /** The shortest realistic time until the operator returns a lost primary. */
    private static final Duration A_PERSON = Duration.ofMinutes(15);

    private ClusterRules() {}

    private static Map<String, String> owned() {
        Map<String, String> owned = new LinkedHashMap<>();
        owned.put("port", "set the port on the member: { host: NAME, port: 5433 }");
        owned.put("listen_addresses", "Holdfast derives this setting from the host's address");
        owned.put("synchronous_standby_names", "write synchronous: FIRST 1, and which standbys are sync");
        owned.put("synchronous_commit", "write durability: protect, available or fast");
        owned.put("data_directory", "set the directory on the member or on the host");
        for (String file :
                List.of("config_file", "hba_file", "ident_file", "external_pid_file", "unix_socket_directories")) {
            owned.put(file, "this path is in the node's own directory");
        }
        for (String log : List.of("logging_collector", "log_destination", "log_directory", "log_filename")) {
            owned.put(log, "logs are in the node's own directory");
        }
        owned.put("archive_mode", "write backup: { archive: continuous, repository: /... }");
        owned.put("archive_command", "write backup: { archive: continuous, repository: /... }");
        owned.put("archive_timeout", "write backup: { archiveEvery: 1m, repository: /... }");
        owned.put("archive_library", "write backup: { archive: continuous, repository: /... }");
        for (String replication : List.of(
                "primary_conninfo",
                "primary_slot_name",
                "cluster_name",
                "hot_standby",
                "wal_level",
                "wal_log_hints",
                "restore_command")) {
            owned.put(replication, "Holdfast derives this setting from primary, standbys and dr");
        }
        for (String target : List.of("time", "lsn", "xid", "name", "timeline", "action", "inclusive")) {
            owned.put("recovery_target_" + target, "only a restore sets this parameter");
        }
        owned.put("recovery_target", "only a restore sets this parameter");
        owned.put("full_page_writes", "a former primary can rejoin only with this parameter");
        for (String include : List.of("include", "include_dir", "include_if_exists")) {
            owned.put(include, "write the settings here");
        }
        owned.put("password_encryption", "passwords are always scram-sha-256");
        return owned;
    }

    static void check(PostgresCluster cluster, ConfigCursor keys) {
        checkUsers(keys.at("users"));
        PostgresVersions.ALL.check(keys.at("version"));
        checkBinaries(cluster, keys.at("version"));
        ParameterNames.check(
                keys.at("settings"), OWNED.keySet(), cluster.version().major());
        checkPooled(cluster, keys);
        if (cluster.database().startsWith("template")) {
            keys.at("database")
                    .wrong(
                            "new databases are copies of the templates; a template cannot be the application's database",
                            "choose another name");
        }
        if (cluster.members().isEmpty()) {
            return;
        }
        checkHosts(cluster, keys);
        List<Member> followers = cluster.members().subList(1, cluster.members().size());
        long waitedFor =
                followers.stream().filter(m -> m.role() == MemberRole.SYNC).count();
        checkWaiting(cluster, keys, waitedFor);
    }

    /** The directories of packages have the major version in their names. */
    private static void checkBinaries(PostgresCluster cluster, ConfigCursor version) {
        for (Member member : cluster.members()) {
            String directory = cluster.binaries(member.node().host());
            Matcher packaged = PACKAGED.matcher(directory);
            if (cluster.version().isDeclared()
                    && packaged.matches()
                    && Integer.parseInt(packaged.group(1)) != cluster.version().major()) {
                version.wrong(
                        "the declared version is " + cluster.version().text() + ", and "
                                + member.node().host().name() + " has the binaries of PostgreSQL " + packaged.group(1)
                                + ": " + directory,
                        "declare version: \"" + packaged.group(1) + "\", or the directory of PostgreSQL "
                                + cluster.version().major());
                return;
            }
        }
    }

    private static void checkWaiting(PostgresCluster cluster, ConfigCursor keys, long waitedFor) {
        ConfigCursor durability = keys.at("durability");
        if (cluster.durability() == Durability.PROTECT && waitedFor == 0) {
            durability.wrong(
                    "durability: protect makes every commit wait for a synchronous standby, and " + cluster.name()
                            + " has none",
                    "make a standby sync: standbys: { NAME: sync }, or write durability: fast");
        }
        if (durability.isPresent() && cluster.durability() == Durability.AVAILABLE && waitedFor == 0) {
            durability.doubtful(
                    "durability: available waits for a synchronous standby while there is one, and " + cluster.name()
                            + " has none",
                    "make a standby sync: standbys: { NAME: sync }, or write durability: fast");
        }
        if (keys.at("afterFailover").isPresent() && cluster.durability() != Durability.PROTECT) {
            keys.at("afterFailover")
                    .doubtful(
                            "afterFailover decides what durability protect does after a failover, and the durability of "
                                    + cluster.name() + " is "
                                    + cluster.durability().name().toLowerCase(Locale.ROOT),
                            "leave it out, or write durability: protect");
        }
        boolean mayWaitLong = cluster.durability() == Durability.PROTECT
                && cluster.afterFailover() == AfterFailover.WAIT
                && waitedFor == 1
                && !cluster.hasSubstituteStandby()
                && cluster.objectives()
                        .rto()
                        .filter(r -> r.compareTo(A_PERSON) < 0)
                        .isPresent();
        if (mayWaitLong) {
            keys.at("objectives")
                    .at("rto")
                    .doubtful(
                            "an RTO of "
                                    + Quantities.shown(
                                            cluster.objectives().rto().get())
                                    + " cannot be met: after a failover, commits wait until the only synchronous standby is"
                                    + " back, and only an operator returns that standby (afterFailover: wait)",
                            "write afterFailover: serve, make another standby sync, or allow a longer RTO");
        }
        ConfigCursor synchronous = keys.at("synchronous");
        if (synchronous.isPresent() && cluster.synchronous().count() > waitedFor) {
            synchronous.wrong(
                    "commits would wait for " + cluster.synchronous().count() + " synchronous standbys, and "
                            + cluster.name() + " has " + waitedFor,
                    waitedFor == 0
                            ? "make standbys sync, or leave synchronous out"
                            : "write a number up to " + waitedFor);
        }
    }

    private static void checkHosts(PostgresCluster cluster, ConfigCursor keys) {
        Set<String> state = new HashSet<>();
        state.add(cluster.declaredPrimary().node().host().name());
        for (String part : List.of("standbys", "dr")) {
            ConfigCursor followers = keys.at(part);
            for (ConfigCursor follower : followers.isList() ? followers.items() : followers.entries()) {
                ConfigCursor named = follower.isMap() && followers.isList() ? follower.at("host") : follower;
                String host = followers.isList() ? named.text("") : follower.name();
                if (!host.isEmpty() && !state.add(host)) {
                    boolean primary =
                            host.equals(cluster.declaredPrimary().node().host().name());
                    named.wrong(
                            (followers.isList() ? named.written() : host)
                                    + (primary
                                            ? " is the primary's host and listed under " + part + " too"
                                            : " is listed twice"),
                            "a copy on the same host is lost with the host; to test on one machine, declare another host "
                                    + "with the same address");
                }
            }
        }
    }

    /** Rejects proxy keys that a PgBouncer does not support. */
    static void checkPooler(ConfigCursor proxy) {
        if (proxy.at("readPort").isPresent()) {
            proxy.at("readPort")
                    .wrong(
                            "a PgBouncer has one port, for the primary, and no readPort",
                            "leave readPort out; an HAProxy on the same host has a read port: proxy: [ NAME, { host: "
                                    + "NAME, kind: pgbouncer } ]");
        }
    }

    /** Rejects names that a PgBouncer or its role uses. */
    private static void checkPooled(PostgresCluster cluster, ConfigCursor keys) {
        if (cluster.poolers().isEmpty()) {
            return;
        }
        if (cluster.database().equals(PostgresCluster.POOLER)) {
            keys.at("database").wrong("pgbouncer is the name of the console of PgBouncer", "choose another name");
        }
        for (ConfigCursor user : keys.at("users").entries()) {
            if (user.name().equals(PostgresCluster.POOLER)) {
                user.wrong("PgBouncer looks up passwords as the user pgbouncer", "choose another name");
            }
        }
    }

    private static void checkUsers(ConfigCursor users) {
        for (ConfigCursor user : users.entries()) {
            boolean own = Set.of(PostgresCluster.ADMIN, PostgresCluster.REPLICATION, PostgresCluster.REWIND)
                    .contains(user.name());
            if (own || user.name().startsWith("pg_")) {
                user.wrong(
                        "the user " + user.name()
                                + (own ? " is Holdfast's own" : " has a name that PostgreSQL reserves"),
                        "choose another name");
            }
        }
    }
}
