package dev.holdfast.postgres.configuration;

import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.ClusterRules;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.ReplicationSlots;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contents of a member's configuration files.
 *
 * <p>Everything that differs between members is in these files and not in the data directory, so neither a clone nor a rewind
 * copies it. {@code postgresql.auto.conf} in the data directory would override them, so it stays empty.
 */
public final class ServerConfiguration {

    /** Until backups are configured, every segment counts as archived, so that archive_mode never needs a restart. */
    static final String ARCHIVED_NOWHERE = "/bin/true";

    /** How long a standby waits for one file from the repository; a promotion waits for a request in progress. */
    public static final int GET_SECONDS = 15;

    /** How long a promotion waits for the repository to report whether a timeline number is in use. */
    private static final int HISTORY_SECONDS = 5;

    /** How long archiving of one segment may take before it counts as failed and is retried. */
    private static final int PUSH_SECONDS = 300;

    private static final int REQUIRES_AUTH_SINCE = 16;

    private static final int LONGEST_SOCKET = 107;

    private ServerConfiguration() {}

    /** Returns the settings of {@code postgresql.conf} by name; they do not depend on the role of the member. */
    public static Map<String, String> of(PostgresCluster cluster, Member member) {
        Node node = member.node();
        String senders = Integer.toString(Math.max(10, 2 * cluster.members().size() + 4));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", node.host().address());
        settings.put("port", Integer.toString(node.port()));
        settings.put("cluster_name", node.name());
        settings.put("unix_socket_directories", socketFolder(node));
        settings.put("hba_file", conf(node) + "/pg_hba.conf");
        settings.put("ident_file", conf(node) + "/pg_ident.conf");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("synchronous_commit", cluster.durability() == Durability.FAST ? "local" : "on");
        // a new primary, its standbys and pg_rewind need these; every member has them, because each may become primary
        settings.put("wal_level", "replica");
        settings.put("wal_log_hints", "on");
        settings.put("full_page_writes", "on");
        settings.put("hot_standby", "on");
        settings.put("max_wal_senders", senders);
        settings.put("max_replication_slots", senders);
        settings.put("wal_keep_size", "256MB");
        settings.put("archive_mode", "on");
        settings.put("archive_command", ARCHIVED_NOWHERE);
        cluster.repository().ifPresent(r -> archiving(settings, cluster, node, r));
        settings.put("recovery_target_timeline", "latest");
        // for fast detection and promotion; the defaults are 60 s, 60 s, 10 s and 5 s
        settings.put("wal_sender_timeout", "5s");
        settings.put("wal_receiver_timeout", "5s");
        settings.put("wal_receiver_status_interval", "1s");
        settings.put("wal_retrieve_retry_interval", "200ms");
        settings.put("tcp_keepalives_idle", "30s");
        settings.put("tcp_keepalives_interval", "5s");
        settings.put("tcp_keepalives_count", "3");
        settings.put("logging_collector", "on");
        settings.put("log_directory", node.log());
        settings.put("log_filename", "postgresql-%a.log");
        settings.put("log_rotation_age", "1d");
        settings.put("log_rotation_size", "0");
        settings.put("log_truncate_on_rotation", "on");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d ");
        settings.put("log_checkpoints", "on");
        cluster.settings().forEach((name, value) -> {
            if (!ClusterRules.OWNED.containsKey(name)) {
                settings.put(name, value);
            }
        });
        return settings;
    }

    /**
     * Returns the archiving settings of a member: the primary archives WAL, and a standby reads WAL that its primary has
     * removed.
     */
    private static void archiving(
            Map<String, String> settings, PostgresCluster cluster, Node node, BackupRepository repository) {
        settings.put(
                "archive_command",
                withoutPartial(
                        limited(PUSH_SECONDS, PgBackRestConfig.command(cluster, conf(node), "archive-push \"%p\""))));
        settings.put("archive_timeout", repository.every().toSeconds() + "s");
        settings.put(
                "restore_command",
                OF_AN_ENDED_TIMELINE + "case %f in 00000001.history) exit 1;; *.history) " + WITHOUT_PLACEHOLDER
                        + timelineIsTaken(cluster, node) + ";; esac; "
                        // restore-command-off.sql: a promotion does not wait for the repository
                        + "test -z \"$(find holdfast.promotion -mmin -2 2>/dev/null)\" || exit 1; "
                        + limited(GET_SECONDS, PgBackRestConfig.command(cluster, conf(node), "archive-get %f \"%p\"")));
    }

    /**
     * Fails for a segment in which, or before which, its timeline ends by a history file of this server. The archive can have
     * such a segment from a primary that was alive after the promotion, with WAL that the new timeline does not have. A standby
     * that replays it has diverged, and PostgreSQL does not notice. The WAL receiver brings that segment from the primary, up to
     * the end of the timeline. A segment has 16 MiB: 256 of them have one high half of an LSN.
     */
    private static final String OF_AN_ENDED_TIMELINE = "case %f in ????????????????????????) f=%f; s=${f#????????}; "
            + "cat pg_wal/*.history 2>/dev/null | while read -r t end why; do "
            + "if test \"$t\" = $((0x${f%%????????????????})) && test $(( (0x${s%%????????} << 8) + 0x${s#????????} ))"
            + " -ge $(( (0x${end%%/*} << 8) + (0x${end#*/} >> 24) )); then exit 1; fi; done || exit 1;; esac; ";

    /**
     * Removes the newest history file if it has no entries. {@link #timelineIsTaken} has written it for a promotion that did not
     * take place, because the CLI was killed before it or because another member was promoted. A running standby would take it
     * for the history of its primary's new timeline: its WAL receiver does not fetch a file that exists, and the standby never
     * follows. A standby that starts gets rid of it in {@code start.sh}. Such a file of an earlier timeline stays: the standby
     * searches the timelines without a gap.
     */
    private static final String WITHOUT_PLACEHOLDER =
            "test -n \"$(find holdfast.promotion -mmin -1 2>/dev/null)\" || { for h in pg_wal/????????.history; do :; done; "
                    + "grep -q \"^[0-9]\" \"$h\" || rm -f \"$h\"; } 2>/dev/null; ";

    /**
     * A standby follows the timelines of its primary. The WAL receiver fetches their history files. A standby never follows a
     * timeline that only the repository has: a stray primary may have archived it. The repository is queried only during a
     * promotion, and only whether a timeline number is in use, so that the promotion chooses a free one. The command writes a
     * history file without entries, so no server follows it. A starting server does not query the repository, because it would
     * fail on such a history file.
     */
    private static String timelineIsTaken(PostgresCluster cluster, Node node) {
        return "test ! -e \"pg_wal/%f\" && test -n \"$(find holdfast.promotion -mmin -1 2>/dev/null)\" && grep -q ^ready postmaster.pid && "
                + limited(HISTORY_SECONDS, PgBackRestConfig.command(cluster, conf(node), "archive-get %f \"%p\""))
                + "; echo \"# taken in the repository\" >\"%p\" && exit 0; exit 1";
    }

    /**
     * Returns an archive command that skips {@code .partial} files. A promotion archives the unfinished segment of the old
     * timeline under that name. No restore reads it, because the new timeline has the same WAL up to its start. When two
     * members were promoted in the same segment, the repository refuses the second file forever, and with it all later WAL.
     */
    private static String withoutPartial(String push) {
        return "case %f in *.partial) exit 0;; esac; " + push;
    }

    /**
     * Returns a command with a time limit, so that an unreachable repository never blocks the server. The command stays in the
     * process group of the server, and never returns an exit code that would stop the server.
     */
    private static String limited(int seconds, String command) {
        return "timeout --foreground -k 2 " + seconds + " " + command + " || exit 1";
    }

    /** Returns the settings of {@code role.conf} for a primary. */
    public static Map<String, String> ofPrimary(String synchronousNames) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("synchronous_standby_names", synchronousNames);
        settings.put("primary_conninfo", "");
        settings.put("primary_slot_name", "");
        return settings;
    }

    /**
     * Returns the settings of {@code role.conf} for a standby of that primary. The standby sends its password by SCRAM only; a
     * libpq before version 16 does not know the option and would refuse it.
     *
     * @param major the version of the standby's programs, which come with a libpq of at least that version
     */
    public static Map<String, String> ofStandby(PostgresCluster cluster, Member member, Node primary, int major) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("synchronous_standby_names", "");
        settings.put(
                "primary_conninfo",
                "host=" + conninfo(primary.host().address()) + " port=" + primary.port() + " user="
                        + PostgresCluster.REPLICATION + " application_name="
                        + conninfo(member.node().name()) + " passfile="
                        + conninfo(conf(member.node()) + "/pgpass") + " connect_timeout=3"
                        + (major >= REQUIRES_AUTH_SINCE ? " require_auth=scram-sha-256" : ""));
        settings.put("primary_slot_name", ReplicationSlots.name(cluster, member));
        return settings;
    }

    public static String conf(Node node) {
        return node.directory() + "/conf";
    }

    /** A socket path must be short; where it is too long, clients connect over TCP. */
    private static String socketFolder(Node node) {
        String socket = node.run() + "/.s.PGSQL." + node.port();
        return socket.length() > LONGEST_SOCKET ? "" : node.run();
    }

    /** Formats settings as lines of a configuration file. */
    public static List<String> lines(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(s -> s.getKey() + " = '" + quoted(s.getValue()) + "'")
                .toList();
    }

    private static String quoted(String value) {
        return value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n");
    }

    private static String conninfo(String value) {
        if (value.matches("[A-Za-z0-9_./:-]+")) {
            return value;
        }
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
