package dev.holdfast.postgres.action;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.ServiceUnit;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.configuration.HbaRules;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCredentials;
import dev.holdfast.postgres.topology.ReplicationSlots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Factories of the actions on a PostgreSQL member that steps are built from: create, clone, configure, start and stop. */
public final class MemberActions {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration STARTING = Duration.ofSeconds(110);
    private static final Duration STOPPING = Duration.ofSeconds(200);
    private static final Duration CREATING = Duration.ofMinutes(10);
    /** Copying a large database takes hours. */
    public static final Duration CLONING = Duration.ofHours(24);

    private final Topology topology;
    private final PostgresCluster cluster;

    public MemberActions(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
    }

    public Action createDirectory(Node node) {
        return exec(
                node, onDirectory(node, "node-directory").with("mark", HostFacts.mark(topology.name(), node)), MOMENT);
    }

    /** @param role the desired contents of role.conf */
    public Action configure(Member member, Map<String, String> role) {
        return configure(member, role, mainLines(member));
    }

    /** @param main the lines of postgresql.conf below its include of role.conf */
    public Action configure(Member member, Map<String, String> role, List<String> main) {
        Node node = member.node();
        Script script = onDirectory(node, "configure")
                .with("settings", conf("postgresql.conf", "settings", main))
                .with("role", conf("role.conf", "settings", ServerConfiguration.lines(role)))
                .with("access", conf("pg_hba.conf", "rules", HbaRules.rules(topology, cluster)))
                .with("superuser", PostgresCluster.ADMIN);
        return exec(node, PostgresCredentials.withPasswords(cluster, script), MOMENT);
    }

    /** Writes only pg_hba.conf, and signals the server to read it. */
    public Action access(Node node) {
        Script script = onDirectory(node, "access")
                .with("access", conf("pg_hba.conf", "rules", HbaRules.rules(topology, cluster)));
        return exec(node, script, MOMENT);
    }

    /** Returns the lines of postgresql.conf below its include of role.conf. */
    public List<String> mainLines(Member member) {
        return ServerConfiguration.lines(ServerConfiguration.of(cluster, member));
    }

    public static Script conf(String file, String value, List<String> lines) {
        return Script.of("postgres/" + file).with(value, String.join("\n", lines));
    }

    public Action create(MemberState member, int major) {
        Script script = withPrograms(member, major, "create")
                .with("superuser", PostgresCluster.ADMIN)
                .with("password", cluster.adminPassword())
                .with("flush", flush());
        return exec(member.node(), script, CREATING);
    }

    public Action clone(MemberState member, Node primary, int major) {
        Script script = withPrograms(member, major, "clone")
                .with("address", primary.host().address())
                .with("port", primary.port())
                .with("replicator", PostgresCluster.REPLICATION)
                .with("slot", ReplicationSlots.name(cluster, member.member()))
                .with("flush", flush());
        return exec(member.node(), script, CLONING);
    }

    public Action start(MemberState member, int major) {
        return exec(member.node(), service(member.node()).onto(withPrograms(member, major, "start")), STARTING);
    }

    /** Returns the unit of a member; its boot asks the other members before it starts a former primary. */
    public ServiceUnit service(Node node) {
        String peers = cluster.servers().stream()
                .filter(n -> !n.equals(node))
                .map(Node::endpoint)
                .collect(Collectors.joining(" "));
        return new ServiceUnit(topology.name(), node, node.data() + "/postmaster.pid", peers);
    }

    /** Returns the units of all members; Patroni starts its members itself. */
    public List<ServiceUnit> services() {
        return cluster.automatic().isPresent()
                ? List.of()
                : cluster.servers().stream().map(this::service).toList();
    }

    public Action stop(MemberState member, int major) {
        return stop(member, major, Duration.ofSeconds(120));
    }

    /** @param within time limit of the stop, at most two minutes */
    public Action stop(MemberState member, int major, Duration within) {
        Script script = withPrograms(member, major, "stop").with("mode", "fast").with("seconds", within.toSeconds());
        return exec(member.node(), script, STOPPING);
    }

    /** Records on disk that a standby has replayed WAL of another server. */
    public Action recordOtherWal(Node node, String why) {
        return exec(node, onDirectory(node, "other-wal").with("why", why), MOMENT);
    }

    /** Ends a server whose shutdown does not complete. */
    public Action abandonStop(Node node) {
        return exec(node, onDirectory(node, "stop-immediate"), MOMENT);
    }

    public Action remove(Node node) {
        Script script = onDirectory(node, "remove")
                .with("mark", HostFacts.mark(topology.name(), node))
                .with("top", node.host().directory());
        return exec(node, script, STOPPING);
    }

    public Action sql(Node node, Script script) {
        return new Action.RunSql(
                node, PostgresCredentials.admin(cluster), PostgresCluster.ADMIN, script, Access.CHANGE, MOMENT);
    }

    public Action reload(Node node) {
        return sql(node, Script.of("postgres/reload.sql"));
    }

    /** Writes only role.conf: the current role of a server. */
    public Action role(Node node, Map<String, String> role) {
        Script script = conf("role.conf", "settings", ServerConfiguration.lines(role));
        return new Action.WriteFile(
                node.host(), ServerConfiguration.conf(node) + "/role.conf", script, "0644", "", MOMENT);
    }

    public Action unfence(Node node) {
        return exec(node, onDirectory(node, "unfence"), MOMENT);
    }

    private static Action exec(Node node, Script script, Duration deadline) {
        return new Action.RunScript(node.host(), script, Access.CHANGE, deadline);
    }

    private static Script onDirectory(Node node, String file) {
        return Script.of("postgres/" + file + ".sh").with("directory", node.directory());
    }

    private static Script withPrograms(MemberState member, int major, String file) {
        String folder = member.host().programs().getOrDefault(major, "");
        return onDirectory(member.node(), file).with("binaries", folder);
    }

    /** Only a lab may lose a database that was created just before a power failure. */
    private String flush() {
        return topology.environment() == Environment.LAB ? "no" : "yes";
    }
}
