package dev.holdfast.postgres;

import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.SettingLines;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pretend PostgreSQL server with its folder: what the planner can see of one, and no more. */
public final class FakeServer {

    /** Settings that a standby must not have lower than its log needs. */
    static final Set<String> REPLAY_LIMITS = Set.of(
            "max_connections",
            "max_worker_processes",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction");

    static final Set<String> NEED_RESTART = Stream.concat(
                    Stream.of("port", "shared_buffers", "archive_mode", "wal_level"), REPLAY_LIMITS.stream())
            .collect(Collectors.toSet());
    private static final Pattern CONNINFO = Pattern.compile("host=(\\S+) port=(\\S+)");
    private static final Map<String, String> BOOT = Map.of(
            "shared_buffers", "16384",
            "max_connections", "100",
            "max_worker_processes", "8",
            "max_wal_senders", "10",
            "max_prepared_transactions", "0",
            "max_locks_per_transaction", "64",
            "work_mem", "4096");

    public final String directory;
    public final String name;
    public final String endpoint;
    public String mark = "";
    public boolean odd;

    public boolean data;
    public boolean standby;
    public boolean up;
    public boolean hangs;
    public String startingUp = "";
    public String systemIdentifier = "";
    public int major = 15;
    public int timeline = 1;
    public long end;
    /** Commits in its WAL, oldest first; only where the estate tracks WAL. */
    public final List<FakeCommit> wal = new ArrayList<>();
    /** Whether it stays connected to its primary and receives nothing. */
    public boolean stalled;
    /** When it last wrote WAL. */
    public Instant lastWrite = Instant.EPOCH;
    /** Commits that only it has where there are several primaries, and sessions of clients. */
    public long commits;

    public int clients;
    public String history = "";
    public double loaded;
    public double written;
    String configFile = "";
    public Object knows = "";
    public final Map<String, List<String>> files = new LinkedHashMap<>();
    final Map<String, String> running = new LinkedHashMap<>();
    final Map<String, String> started = new LinkedHashMap<>();
    public final Map<String, String> altered = new TreeMap<>();
    public final Set<String> slots = new TreeSet<>();
    public final Map<String, String> marks = new TreeMap<>();
    /** As its control file says while it does not run. */
    public String state = "in production";
    /** Its control file's timeline lags behind a promotion until the next checkpoint. */
    public int controlTimeline = 1;

    double checkpointAge = 100;
    boolean paused;
    public long lag;
    /** So many times its primary cannot tell yet how far it is: it has connected and said nothing. */
    public int untold;

    /** The program file that it runs, if a start would take another one. */
    public String otherProgram = "";

    public String left = "";
    /** Whether a standby has received WAL since it was started. */
    public boolean received = true;

    /** The SQLSTATE that it refuses all sessions with. */
    public String refuses = "";

    public String unsafeCommits = "";
    /** Sessions that can wait at the same time, and seconds from the first commit that a standby lacks to the last write of WAL. */
    public int waiters = 10_000;

    public double lived = 1.5;
    int lives;
    /** How often a stop of it was given up. */
    int abandoned;

    public Map<String, Role> roles = new TreeMap<>();
    Set<String> databases = new TreeSet<>();
    /** The databases in which a PgBouncer may look passwords up. */
    Set<String> lookups = new TreeSet<>();

    /** A role with its password and rights. */
    public static final class Role {
        public Object password;
        public boolean superuser;
        boolean replication;
        public boolean mayRewind;
        public boolean expired;
        public final Set<String> memberOf = new TreeSet<>();

        Role(Object password) {
            this.password = password;
        }
    }

    FakeServer(String directory, String name, String endpoint) {
        this.directory = directory;
        this.name = name;
        this.endpoint = endpoint;
    }

    void born(String identifier) {
        data = true;
        standby = false;
        systemIdentifier = identifier;
        end = 0x1000000;
        wal.clear();
        roles = new TreeMap<>(Map.of("postgres", new Role("")));
        databases = new TreeSet<>(Set.of("postgres"));
    }

    public void cloned(FakeServer from) {
        data = true;
        standby = true;
        systemIdentifier = from.systemIdentifier;
        major = from.major;
        timeline = from.timeline;
        history = from.history;
        end = from.end;
        wal.clear();
        wal.addAll(from.wal);
        roles = from.roles;
        databases = from.databases;
        lookups = from.lookups;
    }

    public void start() {
        up = true;
        lives++;
        configFile = directory + "/conf/postgresql.conf";
        read();
        started.clear();
        started.putAll(desired());
        running.clear();
        running.putAll(desired());
    }

    public void read() {
        loaded = Math.max(written, loaded) + 1;
        Map<String, String> desired = desired();
        running.keySet().removeIf(n -> !NEED_RESTART.contains(n) && !desired.containsKey(n));
        desired.forEach((n, v) -> {
            if (!NEED_RESTART.contains(n)) {
                running.put(n, v);
            }
        });
    }

    private Map<String, String> desired() {
        Map<String, String> all = new LinkedHashMap<>();
        List.of("role.conf", "postgresql.conf")
                .forEach(f -> SettingLines.byName(files.getOrDefault(f, List.of()))
                        .forEach((n, v) -> all.put(n, v.length() < 2 ? v : v.substring(1, v.length() - 1))));
        all.remove("include");
        all.putAll(altered);
        return all;
    }

    public String setting(String name) {
        return running.getOrDefault(name, "");
    }

    /** Returns where its WAL left a timeline; empty for its present timeline, and one that it never had. */
    OptionalLong leftAt(int before) {
        return history.lines()
                .map(l -> l.split("\t"))
                .filter(f -> f[0].equals(Integer.toString(before)))
                .mapToLong(f -> Lsn.at(f[1]).position())
                .findFirst();
    }

    /**
     * Returns whether a WAL receiver streams from this primary. PostgreSQL compares the timelines by number, the end of the WAL
     * with that of the primary, and on an earlier timeline with the fork; never the WAL itself.
     */
    boolean canFollow(FakeServer primary) {
        return timeline == primary.timeline
                ? end <= primary.end
                : timeline < primary.timeline
                        && primary.leftAt(timeline).isPresent()
                        && end <= primary.leftAt(timeline).getAsLong();
    }

    /** Receives all WAL of its primary beyond its own. */
    void receive(FakeServer primary) {
        if (stalled) {
            return;
        }
        primary.wal.stream().filter(c -> c.end() > end).forEach(wal::add);
        timeline = primary.timeline;
        history = primary.history;
        end = primary.end;
        lastWrite = primary.lastWrite;
        received = true;
    }

    /** Begins a new timeline at the end of its WAL. */
    public void promote() {
        standby = false;
        history += timeline + "\t" + new Lsn(end) + "\tno target\n";
        timeline++;
        end += 0x1000;
        state = "in production";
    }

    /** Returns the commits in its WAL beyond a position. */
    List<FakeCommit> walBeyond(long position) {
        return wal.stream().filter(c -> c.end() > position).toList();
    }

    /** Commits of its log that lie beyond a position; one for each byte in a pretend log. */
    long commitsBeyond(long position) {
        return Math.max(0, end - position);
    }

    /** The word after {@code host=} and {@code port=} of its primary_conninfo. */
    public String follows() {
        Matcher conninfo = CONNINFO.matcher(setting("primary_conninfo"));
        return conninfo.find() ? conninfo.group(1) + ":" + conninfo.group(2) : "";
    }

    /** Rows of look.sql about settings that only a restart changes, and of those that are waiting for one. */
    List<Map<String, Object>> settingRows(Set<String> asked) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, String> desired = desired();
        Set<String> names = new TreeSet<>(desired.keySet());
        names.addAll(started.keySet());
        names.addAll(asked);
        names.stream()
                .filter(n -> NEED_RESTART.contains(n) || asked.contains(n))
                .forEach(n -> {
                    boolean static_ = NEED_RESTART.contains(n);
                    String now = static_ ? started.getOrDefault(n, BOOT.getOrDefault(n, "")) : setting(n);
                    String next = desired.getOrDefault(n, BOOT.getOrDefault(n, ""));
                    rows.add(row("setting", n, "setting", now));
                    rows.add(row("setting", n, "vartype", "string"));
                    rows.add(row("setting", n, "context", static_ ? "postmaster" : "sighup"));
                    rows.add(row("setting", n, "boot_val", BOOT.getOrDefault(n, "")));
                    rows.add(row("setting", n, "pending_restart", Boolean.toString(static_ && !now.equals(next))));
                });
        return rows;
    }

    static Map<String, Object> row(String kind, String name, String key, Object value) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", kind);
        row.put("name", name);
        row.put("key", key);
        row.put("value", value);
        return row;
    }
}
