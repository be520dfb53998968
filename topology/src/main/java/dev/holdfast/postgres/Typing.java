package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The actions that the acts on members are made of. */
final class Typing {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration STARTING = Duration.ofSeconds(110);
    private static final Duration STOPPING = Duration.ofSeconds(200);
    private static final Duration CREATING = Duration.ofMinutes(10);
    /** Copying a large database takes hours. */
    static final Duration CLONING = Duration.ofHours(24);

    private final Topology topology;
    private final PostgresCluster cluster;

    Typing(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
    }

    Action ground(Node node) {
        return exec(node, onDirectory(node, "ground").with("mark", Footing.mark(topology.name(), node)), MOMENT);
    }

    /** @param role what is to be in role.conf */
    Action configure(Member member, Map<String, String> role) {
        return configure(member, role, mainLines(member));
    }

    /** @param main the lines of postgresql.conf below its include of role.conf */
    Action configure(Member member, Map<String, String> role, List<String> main) {
        Node node = member.node();
        Script script = onDirectory(node, "configure")
                .with("settings", conf("postgresql.conf", "settings", main))
                .with("role", conf("role.conf", "settings", ServerSettings.lines(role)))
                .with("access", conf("pg_hba.conf", "rules", Access.rules(topology, cluster)))
                .with("superuser", PostgresCluster.ADMIN);
        return exec(node, PostgresProbes.withPasswords(cluster, script), MOMENT);
    }

    /** The lines of postgresql.conf below its include of role.conf. */
    List<String> mainLines(Member member) {
        return ServerSettings.lines(ServerSettings.of(cluster, member));
    }

    private static Script conf(String file, String value, List<String> lines) {
        return Script.of("postgres/" + file).with(value, String.join("\n", lines));
    }

    Action create(MemberSeen member, int major) {
        Script script = withPrograms(member, major, "create")
                .with("superuser", PostgresCluster.ADMIN)
                .with("password", cluster.adminPassword())
                .with("flush", flush());
        return exec(member.node(), script, CREATING);
    }

    Action clone(MemberSeen member, Node primary, int major) {
        Script script = withPrograms(member, major, "clone")
                .with("address", primary.host().address())
                .with("port", primary.port())
                .with("replicator", PostgresCluster.REPLICATION)
                .with("slot", Slots.name(cluster, member.member()))
                .with("flush", flush());
        return exec(member.node(), script, CLONING);
    }

    Action start(MemberSeen member, int major) {
        return exec(member.node(), withPrograms(member, major, "start"), STARTING);
    }

    Action stop(MemberSeen member, int major) {
        return exec(member.node(), withPrograms(member, major, "stop").with("mode", "fast"), STOPPING);
    }

    Action remove(Node node) {
        Script script = onDirectory(node, "remove")
                .with("mark", Footing.mark(topology.name(), node))
                .with("top", node.host().directory());
        return exec(node, script, STOPPING);
    }

    Action sql(Node node, Script script) {
        return new Action.Sql(
                node, PostgresProbes.admin(cluster), PostgresCluster.ADMIN, script, Intent.CHANGE, MOMENT);
    }

    Action reload(Node node) {
        return sql(node, Script.of("postgres/reload.sql"));
    }

    /** Puts role.conf alone in place: the part a server plays now. */
    Action role(Node node, Map<String, String> role) {
        Script script = conf("role.conf", "settings", ServerSettings.lines(role));
        return new Action.Write(node.host(), ServerSettings.conf(node) + "/role.conf", script, "0644", "", MOMENT);
    }

    private static Action exec(Node node, Script script, Duration deadline) {
        return new Action.Exec(node.host(), script, Intent.CHANGE, deadline);
    }

    private static Script onDirectory(Node node, String file) {
        return Script.of("postgres/" + file + ".sh").with("directory", node.directory());
    }

    private static Script withPrograms(MemberSeen member, int major, String file) {
        String folder = member.host().programs().getOrDefault(major, "");
        return onDirectory(member.node(), file).with("binaries", folder);
    }

    /** Only a lab may lose a database that was made just before a power cut. */
    private String flush() {
        return topology.environment() == Environment.LAB ? "no" : "yes";
    }
}
