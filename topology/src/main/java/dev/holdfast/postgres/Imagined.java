package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.Answer;
import dev.holdfast.world.State;
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
 * A cluster as it would be seen on an occasion that has not come yet; said member by member.
 *
 * <p>Positions in the log are made up, so that timeline N ends at {@code N/0} and everybody who lives has all of it.
 */
final class Imagined {

    private static final Instant AT = Instant.parse("2000-01-01T00:00:00Z");
    private static final int MAJOR = 17;

    /** How a member is. */
    private enum Life {
        UNBORN,
        LEADS,
        FOLLOWS,
        /** It runs as a standby, and the one it followed is gone. */
        WAITS,
        /** Its process is gone; it was primary. */
        WAS_PRIMARY,
        DOWN
    }

    private final PostgresCluster cluster;
    private final Map<String, Life> lives = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> marks = new LinkedHashMap<>();
    private String primary = "";
    private String before;
    private String heir = "";
    private int timeline = 1;
    private String state = "in production";
    private boolean entrances = true;
    private boolean pending;
    private Gap gap = new Gap(true, 0, 0, 0);

    Imagined(PostgresCluster cluster) {
        this.cluster = cluster;
        this.before = cluster.declaredPrimary().node().name();
        cluster.members().forEach(m -> lives.put(m.node().name(), Life.UNBORN));
    }

    /** One is primary and all others follow it. */
    Imagined healthy(String leader) {
        lives.replaceAll((n, l) -> Life.FOLLOWS);
        lives.put(leader, Life.LEADS);
        primary = leader;
        return this;
    }

    /** The primary is gone as its host says, and the others are left. */
    Imagined lost(String leader, String controlState) {
        lives.replaceAll((n, l) -> Life.WAITS);
        lives.put(leader, Life.WAS_PRIMARY);
        before = leader;
        primary = "";
        state = controlState;
        return this;
    }

    Imagined down(String name) {
        lives.put(name, Life.DOWN);
        return this;
    }

    /** One may not start again, the entrances are closed, and who shall take over has slots for the others. */
    Imagined fenced(String name, String kind, String to) {
        marks.computeIfAbsent(name, n -> new LinkedHashMap<>())
                .put("fence", new Fence(kind, timeline, to, AT.toString()).line());
        entrances = false;
        heir = to;
        return this;
    }

    /** The heir leads on the next timeline; the others that live still follow the one before, or the heir. */
    Imagined promoted(String heir, boolean followed) {
        timeline = 2;
        primary = heir;
        lives.replaceAll((n, l) -> l == Life.WAITS && followed ? Life.FOLLOWS : l);
        lives.put(heir, Life.LEADS);
        entrances = true;
        return this;
    }

    /** A standby that came back. */
    Imagined back(String name) {
        lives.put(name, Life.FOLLOWS);
        marks.remove(name);
        return this;
    }

    /** The lost primary's log holds commits that nobody else has. */
    Imagined behind() {
        gap = new Gap(true, 4096, 3, 0.5);
        return this;
    }

    /** A setting that only a restart changes is not as it is declared. */
    Imagined pendingRestart() {
        pending = true;
        return this;
    }

    TakeoverSeen seen(Optional<TakeoverSeen.Leaving> leaving) {
        Map<String, Gap> gaps = new LinkedHashMap<>();
        if (primary.isEmpty()) {
            lives.keySet().forEach(n -> gaps.put(n, gap));
        }
        return new TakeoverSeen(seen(), leaving, gaps);
    }

    static TakeoverSeen.Leaving leaving(String name) {
        return new TakeoverSeen.Leaving(name, 1, "before");
    }

    PostgresSeen seen() {
        List<MemberSeen> members = cluster.members().stream().map(this::member).toList();
        return new PostgresSeen(
                AT,
                cluster,
                members,
                cluster.proxies().stream().map(this::proxy).toList(),
                Answer.ok(followers()),
                Map.of(),
                List.of(),
                archives(),
                Map.of(),
                List.of());
    }

    private Map<Node, ArchiveSeen> archives() {
        return lives.containsValue(Life.UNBORN)
                ? Map.of()
                : cluster.servers().stream()
                        .collect(Collectors.toMap(
                                Function.identity(), n -> new ArchiveSeen("", true, true, true, true, "", "")));
    }

    private Life life(Member member) {
        return lives.get(member.node().name());
    }

    private MemberSeen member(Member member) {
        Life life = life(member);
        boolean up = life == Life.LEADS || life == Life.FOLLOWS || life == Life.WAITS;
        Footing footing = new Footing(
                up ? State.UP : State.DOWN, life == Life.UNBORN ? Ground.ABSENT : Ground.OURS, up, Map.of(), "");
        TreeMap<Integer, String> programs = new TreeMap<>(Map.of(MAJOR, ""));
        HostSeen host = new HostSeen("postgres", programs, Map.of(MAJOR, Integer.toString(MAJOR)), "");
        Answer answer = up ? Answer.ok(rows(member, life)) : Answer.silent("its process is gone");
        return MemberSeen.of(member, footing, host, disk(member, life), answer);
    }

    private DiskSeen disk(Member member, Life life) {
        if (life == Life.UNBORN) {
            return new DiskSeen(0, "", false, Map.of(), Map.of(), 0, "", Map.of());
        }
        boolean leads = life == Life.LEADS || life == Life.WAS_PRIMARY;
        Map<String, String> part = life == Life.LEADS && timeline == 1 || life == Life.WAS_PRIMARY
                ? ServerSettings.ofPrimary(names(member))
                : ServerSettings.ofStandby(cluster, member, node(life == Life.FOLLOWS ? primary : before));
        Map<String, String> control =
                Map.of("state", state, "timeline", "1", "checkpoint_lsn", "0/FFFFFF00", "system_identifier", "1");
        return new DiskSeen(
                MAJOR,
                leads ? "primary" : "standby",
                false,
                control,
                Map.of("role.conf", ServerSettings.lines(part)),
                0,
                "",
                marks(member.node().name()));
    }

    /** The record of the time before says that commits waited for the standbys that are declared to be in sync. */
    private Map<String, String> marks(String name) {
        Map<String, String> all = new LinkedHashMap<>(marks.getOrDefault(name, Map.of()));
        Member leader = cluster.members().stream()
                .filter(m -> m.node().name().equals(before))
                .findFirst()
                .orElseThrow();
        List<String> sync = cluster.members().stream()
                .filter(m -> m.part() == PostgresCluster.Part.SYNC)
                .map(m -> m.node().name())
                .toList();
        String names = Commits.names(cluster, leader, sync);
        String event = names.isEmpty() ? HistoryLine.OPEN : HistoryLine.IN_SYNC;
        all.put("history", new HistoryLine(1, AT, 1, before, event, names).line());
        return all;
    }

    private Node node(String name) {
        return cluster.members().stream()
                .map(Member::node)
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whom commits wait for while a member leads. */
    private String names(Member leader) {
        List<String> sync = cluster.members().stream()
                .filter(m -> m.part() == PostgresCluster.Part.SYNC)
                .map(m -> m.node().name())
                .filter(n -> lives.get(n) == Life.FOLLOWS || timeline == 1)
                .toList();
        return Commits.names(cluster, leader, sync);
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
        own.put("config_file", ServerSettings.conf(member.node()) + "/postgresql.conf");
        own.put("history", timeline == 1 ? "" : "1\t1/0\tno recovery target specified");
        own.put("synchronous_standby_names", life == Life.LEADS && timeline == 1 ? names(member) : "");
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
        if (life == Life.LEADS || member.node().name().equals(heir)) {
            cluster.members().stream()
                    .filter(m -> m != member)
                    .forEach(m -> rows.add(
                            row("slot", Slots.name(cluster, m), "active", Boolean.toString(life(m) == Life.FOLLOWS))));
        }
        return rows;
    }

    private static Map<String, Object> row(String kind, String name, String key, String value) {
        return Map.of("kind", kind, "name", name, "key", key, "value", value);
    }

    private List<Map<String, Object>> followers() {
        List<String> sync = primary.isEmpty() || timeline > 1
                ? List.of()
                : Commits.parse(names(cluster.members().stream()
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

    private PoolerSeen pooler(PostgresCluster.Proxy proxy, List<String> writes) {
        if (!proxy.isPooler() || writes.isEmpty()) {
            return PoolerSeen.NOTHING;
        }
        String endpoint = node(writes.get(0)).endpoint();
        Map<String, PoolerSeen.Way> ways = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        cluster.pooledDatabases().forEach(d -> {
            ways.put(d, new PoolerSeen.Way(endpoint, "open"));
            written.put(d, endpoint);
        });
        return new PoolerSeen(ways, written, PoolerSettings.of(proxy.node()), List.of(), Optional.empty());
    }

    private ProxySeen proxy(PostgresCluster.Proxy proxy) {
        boolean born = !lives.containsValue(Life.UNBORN);
        List<String> standbys = lives.entrySet().stream()
                .filter(e -> e.getValue() == Life.FOLLOWS)
                .map(Map.Entry::getKey)
                .toList();
        List<String> writes = primary.isEmpty() || !entrances ? List.of() : List.of(primary);
        return new ProxySeen(
                proxy,
                new Footing(born ? State.UP : State.DOWN, born ? Ground.OURS : Ground.ABSENT, born, Map.of(), ""),
                born,
                "3.0",
                "",
                false,
                false,
                false,
                "",
                Map.of(ProxyPlan.PRIMARY, writes, ProxyPlan.STANDBYS, standbys),
                pooler(proxy, writes));
    }
}
