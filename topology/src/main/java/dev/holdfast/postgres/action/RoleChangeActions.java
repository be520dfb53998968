package dev.holdfast.postgres.action;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.SyncHistoryEntry;
import dev.holdfast.postgres.state.TimelineHistory;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Factories of the actions on PostgreSQL members and proxies that only role changes use. */
public final class RoleChangeActions {

    /** How long a primary may take to stop before the switchover is reverted. */
    public static final Duration STOP = Duration.ofSeconds(10);

    /** In seconds: short, because the server of the transactions in progress is being stopped. */
    private static final long AT_ONCE = 1;

    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration FENCING = Duration.ofSeconds(60);
    private static final Duration COPYING = Duration.ofHours(1);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final MemberActions actions;
    private final PgBouncerActions poolers;

    public RoleChangeActions(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
        this.actions = new MemberActions(topology, cluster);
        this.poolers = new PgBouncerActions(topology, cluster);
    }

    public MemberActions plain() {
        return actions;
    }

    public Action fence(Node node, FenceMark fence) {
        Script script = script(node, "fence")
                .with("mark", fence.line())
                .with("address", node.host().address())
                .with("port", node.port());
        return exec(node, script, FENCING);
    }

    public Action stepDown(Node node, FenceMark fence) {
        Script script = script(node, "step-down").with("mark", fence.line()).with("seconds", STOP.toSeconds());
        return exec(node, script, STOP.plusSeconds(20));
    }

    public Action resume(Node node) {
        return exec(node, script(node, "resume"), MOMENT);
    }

    public Action demote(Node node) {
        return exec(node, script(node, "demote"), MOMENT);
    }

    /** Formats a timestamp as the name of a directory. */
    public static String folder(java.time.Instant at) {
        return at.toString().replaceAll("[^0-9TZ]", "");
    }

    public Action keep(MemberState member, List<TimelineHistory.Piece> pieces, String name) {
        Script script = withPrograms(member, "preserve-wal")
                .with("pieces", TimelineHistory.lines(pieces))
                .with("rows", Script.of("postgres/preserve-rows.sql"))
                .with("name", name);
        return exec(member.node(), script, COPYING);
    }

    public Action rewind(MemberState member, Node primary, String name) {
        Script script = withPrograms(member, "rewind")
                .with("address", primary.host().address())
                .with("port", primary.port())
                .with("rewinder", PostgresCluster.REWIND)
                .with("name", name)
                .with("flush", topology.environment() == Environment.LAB ? "no" : "yes");
        return exec(member.node(), script, COPYING);
    }

    public Action aside(Node node, String name) {
        return exec(node, script(node, "preserve-data").with("name", name), MOMENT);
    }

    public Action note(Node node, SyncHistoryEntry line) {
        return exec(node, script(node, "sync-history-append").with("line", line.line()), MOMENT);
    }

    /** Promotes a standby. The promotion does not depend on the backup repository: {@code restore_command} is off meanwhile. */
    public List<Action> promote(Node node) {
        Action promote = actions.sql(node, Script.of("postgres/promote.sql"));
        return cluster.repository().isEmpty()
                ? List.of(promote)
                : List.of(actions.sql(node, Script.of("postgres/restore-command-off.sql")), promote);
    }

    public Action checkpoint(Node node) {
        return new Action.RunSql(
                node,
                PostgresCredentials.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/checkpoint.sql"),
                Access.CHANGE,
                Duration.ofMinutes(5));
    }

    public Action dropSlot(Node node, String slot) {
        return actions.sql(node, Script.of("postgres/drop-slot.sql").with("slot", slot));
    }

    /** Tries a write, on a server or through a proxy. */
    public Action writeProbe(Node node) {
        return new Action.RunSql(
                node,
                PostgresCredentials.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/write-probe.sql"),
                Access.CHANGE,
                Duration.ofSeconds(1));
    }

    /** Pauses a PgBouncer and waits a limited time for its transactions in progress. */
    public Action pause(Proxy pooler, long seconds) {
        return poolers.pause(pooler.node(), seconds);
    }

    /**
     * Sets the servers that a proxy sends sessions to; the sessions to all other servers end. A PgBouncer without a server
     * pauses its clients, and resumes them when it gets one.
     */
    public Action route(Proxy proxy, List<String> writes, List<String> reads) {
        if (proxy.isPooler()) {
            return cluster.servers().stream()
                    .filter(n -> writes.contains(n.name()))
                    .findFirst()
                    .map(n -> poolers.route(proxy.node(), n))
                    .orElseGet(() -> pause(proxy, AT_ONCE));
        }
        List<String> ready = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        for (Node server : cluster.servers()) {
            (writes.contains(server.name()) ? ready : closed).add(ProxyState.PRIMARY + "/" + server.name());
            (reads.contains(server.name()) ? ready : closed).add(ProxyState.STANDBYS + "/" + server.name());
        }
        Script script = Script.of("haproxy/route.sh")
                .with("directory", proxy.node().directory())
                .with("ready", String.join("\n", ready))
                .with("closed", String.join("\n", closed));
        return exec(proxy.node(), script, MOMENT);
    }

    /** Writes the role of a standby, with the standbys that commits wait for once it is primary. */
    Action expecting(MemberState standby, Map<String, String> roleSettings, String names) {
        Map<String, String> expecting = new java.util.LinkedHashMap<>(roleSettings);
        expecting.put("synchronous_standby_names", names);
        return actions.role(standby.node(), expecting);
    }

    /** Writes the role of a standby and loads it; a value of ALTER SYSTEM would hide its synchronous standbys. */
    public List<Action> loaded(MemberState standby, Map<String, String> roleSettings) {
        Node node = standby.node();
        List<Action> all = new ArrayList<>(List.of(actions.role(node, roleSettings)));
        if (standby.server().altered().containsKey("synchronous_standby_names")) {
            all.add(actions.sql(
                    node, Script.of("postgres/reset-setting.sql").with("name", "synchronous_standby_names")));
        }
        all.add(actions.reload(node));
        return all;
    }

    private static Action exec(Node node, Script script, Duration deadline) {
        return new Action.RunScript(node.host(), script, Access.CHANGE, deadline);
    }

    private static Script script(Node node, String file) {
        return Script.of("postgres/" + file + ".sh").with("directory", node.directory());
    }

    private static Script withPrograms(MemberState member, String file) {
        int major = member.major();
        return script(member.node(), file)
                .with("binaries", member.host().programs().getOrDefault(major, ""));
    }
}
