package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.AutomaticFailover;
import dev.holdfast.postgres.topology.AutomaticFailover.EtcdServer;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Factories of the actions on Patroni and etcd that steps are built from. */
final class AutomaticActions {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration STARTING = Duration.ofSeconds(70);
    /** Increased when the template of etcd.conf changes, so that existing servers get the new one. */
    private static final int FORMAT = 1;

    private final Topology topology;
    private final PostgresCluster cluster;
    private final AutomaticFailover automatic;
    private final PatroniConfiguration configuration;
    private final MemberActions members;

    AutomaticActions(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
        this.automatic = cluster.automatic().orElseThrow();
        this.configuration = new PatroniConfiguration(topology, cluster);
        this.members = new MemberActions(topology, cluster);
    }

    /** Returns all inputs of an etcd server's configuration as one line, which the configuration contains. */
    String inputs(Node node) {
        return "format " + FORMAT + ", " + node.name() + ", clients at " + node.endpoint() + ", etcd servers "
                + members();
    }

    private String members() {
        return automatic.servers().stream()
                .map(s -> s.node().name() + "=http://" + s.peer())
                .collect(Collectors.joining(","));
    }

    /** Returns the actions that create the directory of an etcd server, configure and start it. */
    List<Action> startEtcd(Node node) {
        EtcdServer server = automatic.servers().stream()
                .filter(s -> s.node().equals(node))
                .findFirst()
                .orElseThrow();
        Script conf = Script.of("etcd/etcd.conf")
                .with("inputs", inputs(node))
                .with("name", node.name())
                .with("directory", node.directory())
                .with("client", node.endpoint())
                .with("peer", server.peer())
                .with("members", members())
                .with("token", topology.name() + "-" + cluster.name());
        return List.of(
                exec(
                        node,
                        onDirectory(node, "etcd/node-directory").with("mark", HostFacts.mark(topology.name(), node)),
                        MOMENT),
                write(node, "etcd.conf.written", conf),
                write(node, "etcd.conf", conf),
                exec(node, onDirectory(node, "etcd/start"), STARTING));
    }

    private static Action write(Node node, String file, Script content) {
        return new Action.WriteFile(node.host(), node.directory() + "/conf/" + file, content, "0644", "", MOMENT);
    }

    /** @param node the etcd server that gets the requests */
    Action authentication(Node node) {
        return exec(node, withLogin("etcd/auth", node).with("root", cluster.etcdRootPassword()), MOMENT);
    }

    /** Returns the script that reports whether etcd asks for a login. */
    Script authenticationLook(Node node) {
        return withLogin("etcd/auth-look", node);
    }

    private Script withLogin(String file, Node node) {
        return Script.of(file + ".sh")
                .with("url", "http://" + node.endpoint())
                .with("prefix", configuration.prefix())
                .with("user", AutomaticFailover.USER)
                .with("password", automatic.password());
    }

    /** Creates an empty data directory of the servers' user, who has no write access to its parent. */
    Action createData(Node node) {
        return exec(node, onDirectory(node, "patroni/data-directory"), MOMENT);
    }

    Action configure(MemberState member, int major) {
        Script script = withPasswords(onDirectory(member.node(), "patroni/configure"))
                .with(
                        "config",
                        "# Written by Holdfast from the topology; Holdfast detects and reverts manual changes.\n"
                                + String.join("\n", configuration.lines(member, major)))
                .with("bootstrap", configuration.bootstrap());
        return exec(member.node(), script, MOMENT);
    }

    /** Adds the passwords of a member's Patroni. */
    Script withPasswords(Script script) {
        Script with = script.with("superuser", PostgresCluster.ADMIN)
                .with("admin", cluster.adminPassword())
                .with("replicator", PostgresCluster.REPLICATION)
                .with("replication", cluster.replicationPassword())
                .with("rewinder", PostgresCluster.REWIND)
                .with("rewind", cluster.rewindPassword())
                .with("rest_user", PatroniConfiguration.REST_USER)
                .with("rest", cluster.restPassword())
                .with("etcd_user", automatic.login().orElse(""));
        return automatic.login().isPresent()
                ? with.with("etcd_password", automatic.password())
                : with.with("etcd_password", "");
    }

    /** Starts a member's Patroni; a running one reads its configuration. */
    Action start(Node node) {
        return exec(node, onDirectory(node, "patroni/start"), STARTING);
    }

    /** Returns the actions that configure a member's Patroni and start it; Patroni creates, copies, rewinds or starts the server. */
    List<Action> started(MemberState member, int major) {
        return List.of(
                members.createDirectory(member.node()),
                createData(member.node()),
                configure(member, major),
                start(member.node()));
    }

    /** Stops a member's Patroni, which stops its server first. */
    Action stop(Node node, Duration within) {
        Script script = onDirectory(node, "patroni/stop").with("seconds", within.toSeconds());
        return exec(node, script, within.plus(MOMENT));
    }

    /** @param within how long Patroni may take for its answer */
    Action request(Node member, String method, String path, String body, Duration within) {
        Script script = Script.of("patroni/request.sh")
                .with("method", method)
                .with("address", automatic.rest(member))
                .with("path", path)
                .with("body", body)
                .with("rest_user", PatroniConfiguration.REST_USER)
                .with("rest", cluster.restPassword())
                .with("seconds", within.toSeconds());
        return exec(member, script, within.plus(MOMENT));
    }

    private static Action exec(Node node, Script script, Duration deadline) {
        return new Action.RunScript(node.host(), script, Access.CHANGE, deadline);
    }

    private static Script onDirectory(Node node, String file) {
        return Script.of(file + ".sh").with("directory", node.directory());
    }
}
