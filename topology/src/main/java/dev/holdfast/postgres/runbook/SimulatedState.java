package dev.holdfast.postgres.runbook;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.replication.SynchronousReplication;
import dev.holdfast.postgres.runbook.SimulatedReplication.MemberPhase;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.ControlFile;
import dev.holdfast.postgres.state.DataDirectoryState;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.InstalledVersions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.SyncHistoryEntry;
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

    private final PostgresCluster cluster;
    private final Map<String, MemberPhase> phases = new LinkedHashMap<>();
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
        cluster.members().forEach(m -> phases.put(m.node().name(), MemberPhase.NOT_CREATED));
    }

    /** Makes one member primary, which all others follow. */
    SimulatedState healthy(String leader) {
        phases.replaceAll((n, l) -> MemberPhase.FOLLOWS);
        phases.put(leader, MemberPhase.LEADS);
        primary = leader;
        return this;
    }

    /** Makes the primary lost by the report of its host, with the other members running. */
    SimulatedState lost(String leader, String controlState) {
        phases.replaceAll((n, l) -> MemberPhase.WAITS);
        phases.put(leader, MemberPhase.WAS_PRIMARY);
        before = leader;
        primary = "";
        state = controlState;
        return this;
    }

    SimulatedState down(String name) {
        phases.put(name, MemberPhase.DOWN);
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
        phases.replaceAll((n, l) -> l == MemberPhase.WAITS && followed ? MemberPhase.FOLLOWS : l);
        phases.put(candidate, MemberPhase.LEADS);
        acceptsClients = true;
        return this;
    }

    /** Adds a standby that has returned. */
    SimulatedState back(String name) {
        phases.put(name, MemberPhase.FOLLOWS);
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
            phases.keySet().forEach(n -> gaps.put(n, gap));
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
                ActionResult.ok(replication().followers()),
                Map.of(),
                List.of(),
                archives(),
                Map.of(),
                List.of());
    }

    private Map<Node, ArchivingState> archives() {
        return phases.containsValue(MemberPhase.NOT_CREATED)
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

    private SimulatedReplication replication() {
        return new SimulatedReplication(cluster, phases, primary, before, timeline);
    }

    private MemberPhase phase(Member member) {
        return phases.get(member.node().name());
    }

    private MemberState member(Member member) {
        MemberPhase phase = phase(member);
        boolean up = phase == MemberPhase.LEADS || phase == MemberPhase.FOLLOWS || phase == MemberPhase.WAITS;
        HostFacts hostFacts = new HostFacts(
                up ? NodeAvailability.UP : NodeAvailability.DOWN,
                phase == MemberPhase.NOT_CREATED ? DirectoryOwner.ABSENT : DirectoryOwner.OURS,
                up,
                Map.of(),
                "");
        TreeMap<Integer, String> programs = new TreeMap<>(Map.of(MAJOR, ""));
        InstalledVersions host =
                new InstalledVersions("postgres", programs, Map.of(MAJOR, Integer.toString(MAJOR)), "");
        ActionResult answer = up ? ActionResult.ok(rows(member, phase)) : ActionResult.silent("the process has exited");
        return MemberState.of(member, hostFacts, host, disk(member, phase), answer);
    }

    private DataDirectoryState disk(Member member, MemberPhase phase) {
        if (phase == MemberPhase.NOT_CREATED) {
            return new DataDirectoryState(0, "", false, ControlFile.UNKNOWN, Map.of(), 0, "", Map.of());
        }
        boolean leads = phase == MemberPhase.LEADS || phase == MemberPhase.WAS_PRIMARY;
        Map<String, String> roleSettings = phase == MemberPhase.LEADS && timeline == 1
                        || phase == MemberPhase.WAS_PRIMARY
                ? ServerConfiguration.ofPrimary(replication().names(member))
                : ServerConfiguration.ofStandby(
                        cluster, member, replication().node(phase == MemberPhase.FOLLOWS ? primary : before), MAJOR);
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

    private List<Map<String, Object>> rows(Member member, MemberPhase phase) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, String> own = new LinkedHashMap<>();
        own.put("standby", Boolean.toString(phase != MemberPhase.LEADS));
        own.put("version", Integer.toString(MAJOR));
        own.put("version_number", MAJOR + "0000");
        own.put("system_identifier", "1");
        own.put("timeline", Integer.toString(phase == MemberPhase.WAITS ? 1 : timeline));
        own.put("control_timeline", "1");
        own.put("lsn", phase == MemberPhase.WAITS ? "1/0" : timeline + "/0");
        own.put("started", "before");
        own.put("checkpoint_age", "120");
        own.put("config_file", ServerConfiguration.conf(member.node()) + "/postgresql.conf");
        own.put("history", timeline == 1 ? "" : "1\t1/0\tno recovery target specified");
        own.put("synchronous_standby_names", replication().running(member, phase));
        own.forEach((key, value) -> rows.add(row("server", "", key, value)));
        if (phase == MemberPhase.FOLLOWS) {
            rows.add(row("receiver", "", "status", "streaming"));
            rows.add(row("receiver", "", "received_tli", Integer.toString(timeline)));
        }
        if (phase == MemberPhase.LEADS) {
            replication()
                    .followers()
                    .forEach(f -> f.forEach((key, value) ->
                            rows.add(row("follower", f.get("name").toString(), key, value.toString()))));
        }
        if (pending) {
            Map.of("context", "postmaster", "setting", "off", "boot_val", "try", "pending_restart", "true")
                    .forEach((key, value) -> rows.add(row("setting", "huge_pages", key, value)));
        }
        if (phase == MemberPhase.LEADS || member.node().name().equals(candidate)) {
            cluster.members().stream()
                    .filter(m -> m != member)
                    .forEach(m -> rows.add(row(
                            "slot",
                            ReplicationSlots.name(cluster, m),
                            "active",
                            Boolean.toString(phase(m) == MemberPhase.FOLLOWS))));
        }
        return rows;
    }

    private static Map<String, Object> row(String kind, String name, String key, String value) {
        return Map.of("kind", kind, "name", name, "key", key, "value", value);
    }

    private ProxyState proxy(PostgresCluster.Proxy proxy) {
        boolean created = !phases.containsValue(MemberPhase.NOT_CREATED);
        List<String> standbys = phases.entrySet().stream()
                .filter(e -> e.getValue() == MemberPhase.FOLLOWS)
                .map(Map.Entry::getKey)
                .toList();
        Optional<Node> writes = primary.isEmpty() || !acceptsClients
                ? Optional.empty()
                : Optional.of(replication().node(primary));
        return new SimulatedProxies(cluster, created, writes, standbys).state(proxy);
    }
}
