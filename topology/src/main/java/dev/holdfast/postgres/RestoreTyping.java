package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The actions that only restores are made of. */
final class RestoreTyping {

    /** Copying and replaying a large database takes hours. */
    static final Duration COPYING = Duration.ofHours(24);

    private static final Duration STOPPING = Duration.ofSeconds(200);
    private static final Duration MOMENT = Duration.ofSeconds(60);
    private static final String PROCESSES = "2";

    private final PostgresCluster cluster;
    private final Archive source;
    private final Typing typing;
    private final boolean isBeside;

    /** @param source the repository that is restored from */
    RestoreTyping(Topology topology, PostgresCluster cluster, Archive source, boolean isBeside) {
        this.cluster = cluster;
        this.source = source;
        this.typing = new Typing(topology, cluster);
        this.isBeside = isBeside;
    }

    Typing plain() {
        return typing;
    }

    Action ground(Node node) {
        return typing.ground(node);
    }

    /** Its files while the log is replayed: it reads the source's archive, and a scratch server writes to none. */
    Action configure(Member member, Map<String, String> role) {
        Map<String, String> settings = new LinkedHashMap<>(ServerSettings.of(cluster, member));
        String conf = ServerSettings.conf(member.node());
        settings.put(
                "restore_command",
                "pgbackrest --config=" + conf.replace("%", "%%") + "/pgbackrest-restore.conf --stanza="
                        + cluster.name() + " --pg1-path=" + member.node().data().replace("%", "%%")
                        + " archive-get %f \"%p\"");
        settings.put("log_filename", "restore.log");
        if (isBeside) {
            settings.put("archive_mode", "off");
            settings.put("archive_command", "");
            settings.remove("archive_timeout");
        }
        return typing.configure(member, role, ServerSettings.lines(settings));
    }

    Action copy(Node node, Goal goal) {
        Script script = script(node, "restore-copy")
                .with("system", goal.system())
                .with("stanza", cluster.name())
                .with("label", goal.label())
                .with("order", goal.line())
                .with("processes", PROCESSES)
                .with("config", source.reader(node.host()));
        return Archive.exec(node.host(), script, Intent.CHANGE, COPYING);
    }

    Action replay(Node node, String binaries) {
        return Archive.exec(
                node.host(), script(node, "restore-replay").with("binaries", binaries), Intent.CHANGE, COPYING);
    }

    Action stop(Node node, String binaries, Fence fence) {
        Script script = script(node, "restore-stop").with("binaries", binaries).with("mark", fence.line());
        return Archive.exec(node.host(), script, Intent.CHANGE, STOPPING);
    }

    Action aside(Node node, String name) {
        return Archive.exec(node.host(), script(node, "restore-aside").with("name", name), Intent.CHANGE, MOMENT);
    }

    Action done(Node node, Goal goal) {
        return Archive.exec(
                node.host(), script(node, "restore-done").with("order", goal.line()), Intent.CHANGE, MOMENT);
    }

    /** That backups are good is noted where they are. */
    Action noted(Node node, Goal goal, Instant at) {
        Script script = Script.of("postgres/vault-proven.sh")
                .with("order", goal.line())
                .with("folder", source.folder())
                .with("moment", at.toString());
        return Archive.exec(source.keeper().orElse(node).host(), script, Intent.CHANGE, MOMENT);
    }

    Action password(Node node, String binaries) {
        Script script = script(node, "restore-password")
                .with("binaries", binaries)
                .with("port", node.port())
                .with("superuser", PostgresCluster.ADMIN)
                .with("password", cluster.adminPassword());
        return Archive.exec(node.host(), script, Intent.CHANGE, MOMENT);
    }

    Action sql(Node node, String database, String file, Duration deadline) {
        return new Action.Sql(
                node,
                PostgresProbes.admin(cluster),
                database,
                Script.of("postgres/" + file + ".sql"),
                Intent.CHANGE,
                deadline);
    }

    private static Script script(Node node, String file) {
        return Script.of("postgres/" + file + ".sh").with("directory", node.directory());
    }
}
