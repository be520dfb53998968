package dev.holdfast.postgres.restore;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ScramVerifier;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.backup.ReplayTarget;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Factories of the actions on PostgreSQL servers that only restores use. */
final class RestoreActions {

    /** Copying and replaying a large database takes hours. */
    static final Duration COPYING = Duration.ofHours(24);

    private static final Duration STOPPING = Duration.ofSeconds(200);
    private static final Duration MOMENT = Duration.ofSeconds(60);
    private static final String PROCESSES = "2";

    private final PostgresCluster cluster;
    private final PgBackRestConfig source;
    private final MemberActions actions;
    private final boolean isSideBySide;

    /** @param source the repository of the backups */
    RestoreActions(Topology topology, PostgresCluster cluster, PgBackRestConfig source, boolean isSideBySide) {
        this.cluster = cluster;
        this.source = source;
        this.actions = new MemberActions(topology, cluster);
        this.isSideBySide = isSideBySide;
    }

    MemberActions plain() {
        return actions;
    }

    Action createDirectory(Node node) {
        return actions.createDirectory(node);
    }

    /** The background jobs that would change a restored copy before it was verified; role.conf keeps them off until then. */
    static final Map<String, String> NO_JOBS = Map.of("autovacuum", "off", "cron.launch_active_jobs", "off");

    /**
     * Writes the configuration during replay: the server reads the archive of the source, and a scratch server archives
     * nothing, subscribes to nothing and runs no scheduled jobs. Subscriptions of a copy would consume the slots of the source.
     */
    Action configure(Member member, Map<String, String> recovery) {
        Map<String, String> role = new LinkedHashMap<>(recovery);
        role.putAll(NO_JOBS);
        Map<String, String> settings = new LinkedHashMap<>(ServerConfiguration.of(cluster, member));
        String conf = ServerConfiguration.conf(member.node());
        settings.put(
                "restore_command",
                "pgbackrest --config=" + conf.replace("%", "%%") + "/pgbackrest-restore.conf --stanza="
                        + cluster.name() + " --pg1-path=" + member.node().data().replace("%", "%%")
                        + " archive-get %f \"%p\"");
        settings.put("log_filename", "restore.log");
        // replay reports its end only in the server log; declared settings could suppress, change or translate that
        // line
        settings.put("log_min_messages", "warning");
        settings.put("log_error_verbosity", "default");
        settings.put("lc_messages", "C");
        // role.conf is read before it, and the last value counts
        Optional.ofNullable(role.get("recovery_target_timeline"))
                .ifPresent(t -> settings.put("recovery_target_timeline", t));
        NO_JOBS.keySet().forEach(settings::remove);
        if (isSideBySide) {
            settings.put("max_logical_replication_workers", "0");
            settings.put("cron.launch_active_jobs", "off");
            settings.put("archive_mode", "off");
            settings.put("archive_command", "");
            settings.remove("archive_timeout");
        }
        return actions.configure(member, role, ServerConfiguration.lines(settings));
    }

    /**
     * @param isInPlace whether tablespaces return to their previous location; otherwise they go below the server's directory
     */
    Action copy(Node node, ReplayTarget goal, boolean isInPlace) {
        Script script = script(node, "restore-copy")
                .with("spaces", isInPlace ? "back" : "here")
                .with("system", goal.system())
                .with("stanza", cluster.name())
                .with("label", goal.label())
                .with("order", goal.line())
                .with("processes", PROCESSES)
                .with("config", source.reader(node.host()));
        return PgBackRestConfig.exec(node.host(), script, Access.CHANGE, COPYING);
    }

    Action replay(Node node, String binaries) {
        return PgBackRestConfig.exec(
                node.host(), script(node, "restore-replay").with("binaries", binaries), Access.CHANGE, COPYING);
    }

    Action stop(Node node, String binaries, FenceMark fence) {
        Script script = script(node, "restore-stop").with("binaries", binaries).with("mark", fence.line());
        return PgBackRestConfig.exec(node.host(), script, Access.CHANGE, STOPPING);
    }

    Action aside(Node node, String name) {
        return PgBackRestConfig.exec(
                node.host(), script(node, "restore-preserve").with("name", name), Access.CHANGE, MOMENT);
    }

    Action done(Node node, ReplayTarget goal) {
        return PgBackRestConfig.exec(
                node.host(), script(node, "restore-done").with("order", goal.line()), Access.CHANGE, MOMENT);
    }

    /** Records the verified restore in the repository. */
    Action noted(Node node, ReplayTarget goal, Instant at) {
        Script script = Script.of("postgres/repository-verified.sh")
                .with("order", goal.line())
                .with("folder", source.folder())
                .with("moment", at.toString());
        return PgBackRestConfig.exec(source.keeper().orElse(node).host(), script, Access.CHANGE, MOMENT);
    }

    Action resume(Node node) {
        Script script =
                script(node, "restore-resume").with("port", node.port()).with("superuser", PostgresCluster.ADMIN);
        return PgBackRestConfig.exec(node.host(), script, Access.CHANGE, MOMENT);
    }

    /** Returns the actions that give all roles of Holdfast and of applications the passwords of this estate. */
    List<Action> passwords(Node node, String binaries) {
        Map<String, SecretRef> roles = new LinkedHashMap<>();
        roles.put(PostgresCluster.ADMIN, cluster.adminPassword());
        roles.putAll(PostgresCredentials.ofRoles(cluster));
        return roles.entrySet().stream()
                .map(r -> password(node, binaries, r.getKey(), r.getValue()))
                .toList();
    }

    private Action password(Node node, String binaries, String role, SecretRef secret) {
        Script script = script(node, "restore-password")
                .with("binaries", binaries)
                .with("port", node.port())
                .with("superuser", PostgresCluster.ADMIN)
                .with("role", role)
                .with("verifier", new ScramVerifier(secret));
        return PgBackRestConfig.exec(node.host(), script, Access.CHANGE, MOMENT);
    }

    Action sql(Node node, String database, String file, Duration deadline) {
        return new Action.RunSql(
                node,
                PostgresCredentials.admin(cluster),
                database,
                Script.of("postgres/" + file + ".sql"),
                Access.CHANGE,
                deadline);
    }

    private static Script script(Node node, String file) {
        return Script.of("postgres/" + file + ".sh").with("directory", node.directory());
    }
}
