package dev.holdfast.postgres.runbook;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.configuration.PgBouncerConfig;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.replication.SynchronousReplication;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.ControlFile;
import dev.holdfast.postgres.state.DataDirectoryState;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.InstalledVersions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PgBouncerState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyRecords;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.SyncHistoryEntry;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.ReplicationSlots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A simulated cluster state for a written runbook, built member by member.
 *
 * <p>LSNs are invented: timeline N ends at {@code N/0}, and every running member has all of its WAL.
 */
final class SimulatedState {

    private static final Instant AT = Instant.parse("2000-01-01T00:00:00Z");
    private static final int MAJOR = 17;

    /** The state of a member. */
    private enum Life {
        UNBORN,
        LEADS,
        FOLLOWS,
        /** A running standby whose primary is lost. */
        WAITS,
        /** A former primary whose process has exited. */
        WAS_PRIMARY,
        DOWN
    }

    private final PostgresCluster cluster;
    private final Map<String, Life> lives = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> marks = new LinkedHashMap<>();
    private String primary = "";
    private String before;
    private String candidate = "";
    private int timeline = 1;
    private String state = "in production";
    private boolean acceptsClients = true;
    private boolean pending;
    private ReplicationGap gap = new ReplicationGap(true, 0, 0, 0);

    SimulatedState(PostgresCluster cluster) {
        this.cluster = cluster;
        this.before = cluster.declaredPrimary().node().name();
        cluster.members().forEach(m -> lives.put(m.node().name(), Life.UNBORN));
    }

    /** Makes one member primary, which all others follow. */
    SimulatedState healthy(String leader) {
        lives.replaceAll((n, l) -> Life.FOLLOWS);
        lives.put(leader, Life.LEADS);
        primary = leader;
        return this;
    }

    /** Makes the primary lost by the report of its host, with the other members running. */
    SimulatedState lost(String leader, String controlState) {
        lives.replaceAll((n, l) -> Life.WAITS);
        lives.put(leader, Life.WAS_PRIMARY);
        before = leader;
        primary = "";
        state = controlState;
        return this;
    }

    SimulatedState down(String name) {
        lives.put(name, Life.DOWN);
        return this;
    }

    /** Fences one member and closes the client endpoints; the candidate has slots for the others. */
    SimulatedState fenced(String name, String kind, String to) {
        marks.computeIfAbsent(name, n -> new LinkedHashMap<>())
                .put("fence", new FenceMark(kind, timeline, to, AT.toString()).line());
        acceptsClients = false;
        candidate = to;
        return this;
    }

    /**
     * Makes the candidate primary on the next timeline; the other running members follow the previous timeline, or the
     * candidate.
     */
    SimulatedState promoted(String candidate, boolean followed) {
        timeline = 2;
        primary = candidate;
        lives.replaceAll((n, l) -> l == Life.WAITS && followed ? Life.FOLLOWS : l);
        lives.put(candidate, Life.LEADS);
        acceptsClients = true;
        return this;
    }

    /** Adds a standby that has returned. */
    SimulatedState back(String name) {
        lives.put(name, Life.FOLLOWS);
        marks.remove(name);
        return this;
    }

    /** Adds commits to the lost primary's WAL that no other member has. */
    SimulatedState behind() {
        gap = new ReplicationGap(true, 4096, 3, 0.5);
        return this;
    }

    /** Makes a setting that needs a restart differ from its declaration. */
    SimulatedState pendingRestart() {
        pending = true;
        return this;
    }

    RoleChangeState state(Optional<RoleChangeState.Leaving> leaving) {
        Map<String, ReplicationGap> gaps = new LinkedHashMap<>();
        if (primary.isEmpty()) {
            lives.keySet().forEach(n -> gaps.put(n, gap));
        }
        return new RoleChangeState(state(), leaving, gaps);
    }

    static RoleChangeState.Leaving leaving(String name) {
        return new RoleChangeState.Leaving(name, 1, "before");
    }

    PostgresState state() {
        List<MemberState> members = cluster.members().stream().map(this::member).toList();
        return new PostgresState(
                AT,
                cluster,
                members,
                cluster.proxies().stream().map(this::proxy).toList(),
                ActionResult.ok(followers()),
                Map.of(),
                List.of(),
                archives(),
                Map.of(),
                List.of());
    }

    private Map<Node, ArchivingState> archives() {
        return lives.containsValue(Life.UNBORN)
                ? Map.of()
                : cluster.servers().stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                n -> new ArchivingState(
                                        "",
                                        true,
                                        true,
                                        true,
                                        true,
                                        false,
                                        "",
                                        "",
                                        "",
                                        ArchivingState.Waiting.NONE,
                                        List.of(),
                                        Optional.empty(),
                                        false)));
    }

    private Life life(Member member) {
        return lives.get(member.node().name());
    }

    private MemberState member(Member member) {
        Life life = life(member);
        boolean up = life == Life.LEADS || life == Life.FOLLOWS || life == Life.WAITS;
        HostFacts hostFacts = new HostFacts(
                up ? NodeAvailability.UP : NodeAvailability.DOWN,
                life == Life.UNBORN ? DirectoryOwner.ABSENT : DirectoryOwner.OURS,
                up,
                Map.of(),
                "");
        TreeMap<Integer, String> programs = new TreeMap<>(Map.of(MAJOR, ""));
        InstalledVersions host =
                new InstalledVersions("postgres", programs, Map.of(MAJOR, Integer.toString(MAJOR)), "");
        ActionResult answer = up ? ActionResult.ok(rows(member, life)) : ActionResult.silent("its process has exited");
        return MemberState.of(member, hostFacts, host, disk(member, life), answer);
    }

    private DataDirectoryState disk(Member member, Life life) {
        if (life == Life.UNBORN) {
            return new DataDirectoryState(0, "", false, ControlFile.UNKNOWN, Map.of(), 0, "", Map.of());
        }
        boolean leads = life == Life.LEADS || life == Life.WAS_PRIMARY;
        Map<String, String> roleSettings = life == Life.LEADS && timeline == 1 || life == Life.WAS_PRIMARY
                ? ServerConfiguration.ofPrimary(names(member))
                : ServerConfiguration.ofStandby(cluster, member, node(life == Life.FOLLOWS ? primary : before));
        ControlFile control = new ControlFile("1", state, "0/FFFFFF00", 1, "", "", "");
        return new DataDirectoryState(
                MAJOR,
                leads ? "primary" : "standby",
                false,
                control,
                Map.of("role.conf", ServerConfiguration.lines(roleSettings)),
                0,
                "",
                marks(member.node().name()));
    }

    /** Adds the earlier history line: commits waited for the declared synchronous standbys. */
    private Map<String, String> marks(String name) {
        Map<String, String> all = new LinkedHashMap<>(marks.getOrDefault(name, Map.of()));
        Member leader = cluster.members().stream()
                .filter(m -> m.node().name().equals(before))
                .findFirst()
                .orElseThrow();
        List<String> sync = cluster.members().stream()
                .filter(m -> m.role() == PostgresCluster.MemberRole.SYNC)
                .map(m -> m.node().name())
                .toList();
        String names = SynchronousReplication.names(cluster, leader, sync);
        String event = names.isEmpty() ? SyncHistoryEntry.OPEN : SyncHistoryEntry.IN_SYNC;
        all.put("history", new SyncHistoryEntry(1, AT, 1, before, event, names).line());
        return all;
    }

    private Node node(String name) {
        return cluster.members().stream()
                .map(Member::node)
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the synchronous standbys while a member is primary. */
    private String names(Member leader) {
        List<String> sync = cluster.members().stream()
                .filter(m -> m.role() == PostgresCluster.MemberRole.SYNC)
                .map(m -> m.node().name())
                .filter(n -> lives.get(n) == Life.FOLLOWS || timeline == 1)
                .toList();
        return SynchronousReplication.names(cluster, leader, sync);
    }

    /**
     * Returns the synchronous standbys in the settings of a primary; a promoted member got them before, for the remaining
     * members.
     */
    private String running(Member member, Life life) {
        boolean isPromoted = timeline > 1 && member.node().name().equals(primary);
        if (isPromoted) {
            List<String> left = cluster.members(PostgresCluster.MemberRole.SYNC)
                    .map(m -> m.node().name())
                    .filter(n -> !n.equals(primary) && !n.equals(before) && lives.get(n) != Life.DOWN)
                    .toList();
            return new CommitProtection(cluster, primary, left).names();
        }
        return life == Life.LEADS && timeline == 1 ? names(member) : "";
    }

    private List<Map<String, Object>> rows(Member member, Life life) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, String> own = new LinkedHashMap<>();
        own.put("standby", Boolean.toString(life != Life.LEADS));
        own.put("version", Integer.toString(MAJOR));
        own.put("version_number", MAJOR + "0000");
        own.put("system_identifier", "1");
        own.put("timeline", Integer.toString(life == Life.WAITS ? 1 : timeline));
        own.put("control_timeline", "1");
        own.put("lsn", life == Life.WAITS ? "1/0" : timeline + "/0");
        own.put("started", "before");
        own.put("checkpoint_age", "120");
        own.put("config_file", ServerConfiguration.conf(member.node()) + "/postgresql.conf");
        own.put("history", timeline == 1 ? "" : "1\t1/0\tno recovery target specified");
        own.put("synchronous_standby_names", running(member, life));
        own.forEach((key, value) -> rows.add(row("server", "", key, value)));
        if (life == Life.FOLLOWS) {
            rows.add(row("receiver", "", "status", "streaming"));
            rows.add(row("receiver", "", "received_tli", Integer.toString(timeline)));
        }
        if (life == Life.LEADS) {
            followers()
                    .forEach(f -> f.forEach((key, value) ->
                            rows.add(row("follower", f.get("name").toString(), key, value.toString()))));
        }
        if (pending) {
            Map.of("context", "postmaster", "setting", "off", "boot_val", "try", "pending_restart", "true")
                    .forEach((key, value) -> rows.add(row("setting", "huge_pages", key, value)));
        }
        if (life == Life.LEADS || member.node().name().equals(candidate)) {
            cluster.members().stream()
                    .filter(m -> m != member)
                    .forEach(m -> rows.add(row(
                            "slot",
                            ReplicationSlots.name(cluster, m),
                            "active",
                            Boolean.toString(life(m) == Life.FOLLOWS))));
        }
        return rows;
    }

    private static Map<String, Object> row(String kind, String name, String key, String value) {
        return Map.of("kind", kind, "name", name, "key", key, "value", value);
    }

    private List<Map<String, Object>> followers() {
        List<String> sync = primary.isEmpty() || timeline > 1
                ? List.of()
                : SynchronousStandbyNames.parse(names(cluster.members().stream()
                        .filter(m -> m.node().name().equals(primary))
                        .findFirst()
                        .orElseThrow()));
        return lives.entrySet().stream()
                .filter(e -> e.getValue() == Life.FOLLOWS)
                .map(e -> Map.<String, Object>of(
                        "name",
                        e.getKey(),
                        "state",
                        "streaming",
                        "sync_state",
                        sync.contains(e.getKey()) ? "sync" : "async",
                        "pid",
                        "1",
                        "flushed",
                        timeline + "/0",
                        "lsn",
                        timeline + "/0",
                        "lag_bytes",
                        "0"))
                .collect(Collectors.toList());
    }

    private PgBouncerState pooler(PostgresCluster.Proxy proxy, List<String> writes) {
        if (!proxy.isPooler() || writes.isEmpty()) {
            return PgBouncerState.NOTHING;
        }
        String endpoint = node(writes.get(0)).endpoint();
        Map<String, PgBouncerState.Way> ways = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        cluster.pooledDatabases().forEach(d -> {
            ways.put(d, new PgBouncerState.Way(endpoint, ProxyRecords.PoolState.OPEN));
            written.put(d, endpoint);
        });
        return new PgBouncerState(ways, written, PgBouncerConfig.of(proxy.node()), List.of(), Optional.empty());
    }

    private ProxyState proxy(PostgresCluster.Proxy proxy) {
        boolean born = !lives.containsValue(Life.UNBORN);
        List<String> standbys = lives.entrySet().stream()
                .filter(e -> e.getValue() == Life.FOLLOWS)
                .map(Map.Entry::getKey)
                .toList();
        List<String> writes = primary.isEmpty() || !acceptsClients ? List.of() : List.of(primary);
        return new ProxyState(
                proxy,
                new HostFacts(
                        born ? NodeAvailability.UP : NodeAvailability.DOWN,
                        born ? DirectoryOwner.OURS : DirectoryOwner.ABSENT,
                        born,
                        Map.of(),
                        ""),
                born,
                "3.0",
                "",
                false,
                false,
                false,
                "",
                Map.of(ProxyState.PRIMARY, writes, ProxyState.STANDBYS, standbys),
                pooler(proxy, writes));
    }
}
