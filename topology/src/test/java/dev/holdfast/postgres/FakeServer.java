package dev.holdfast.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A pretend PostgreSQL server with its folder: what the planner can see of one, and no more. */
final class FakeServer {

    static final Set<String> NEED_RESTART =
            Set.of("port", "shared_buffers", "max_connections", "max_wal_senders", "archive_mode", "wal_level");
    private static final Map<String, String> BOOT =
            Map.of("shared_buffers", "16384", "max_connections", "100", "work_mem", "4096");

    final String directory;
    final String name;
    final String endpoint;
    String mark = "";
    boolean odd;

    boolean data;
    boolean standby;
    boolean up;
    boolean hangs;
    String startingUp = "";
    String systemIdentifier = "";
    int major = 15;
    int timeline = 1;
    long end;
    String history = "";
    double loaded;
    double written;
    String configFile = "";
    Object knows = "";
    final Map<String, List<String>> files = new LinkedHashMap<>();
    final Map<String, String> running = new LinkedHashMap<>();
    final Map<String, String> started = new LinkedHashMap<>();
    final Map<String, String> altered = new TreeMap<>();
    final Set<String> slots = new TreeSet<>();
    final Map<String, String> marks = new TreeMap<>();
    /** As its control file says while it does not run. */
    String state = "in production";
    /** Its control file's timeline lags behind a promotion until the next checkpoint. */
    int controlTimeline = 1;

    double checkpointAge = 100;
    boolean paused;
    long lag;
    /** So many times its primary cannot tell yet how far it is: it has connected and said nothing. */
    int untold;

    String left = "";
    int lives;
    Map<String, Role> roles = new TreeMap<>();
    Set<String> databases = new TreeSet<>();
    /** The databases in which a PgBouncer may look passwords up. */
    Set<String> lookups = new TreeSet<>();

    /** A role with its password and rights. */
    static final class Role {
        Object password;
        boolean superuser;
        boolean replication;
        boolean mayRewind;
        final Set<String> memberOf = new TreeSet<>();

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
        roles = new TreeMap<>(Map.of("postgres", new Role("")));
        databases = new TreeSet<>(Set.of("postgres"));
    }

    void cloned(FakeServer from) {
        data = true;
        standby = true;
        systemIdentifier = from.systemIdentifier;
        major = from.major;
        timeline = from.timeline;
        end = from.end;
        roles = from.roles;
        databases = from.databases;
        lookups = from.lookups;
    }

    void start() {
        up = true;
        lives++;
        configFile = directory + "/conf/postgresql.conf";
        read();
        started.clear();
        started.putAll(wanted());
        running.clear();
        running.putAll(wanted());
    }

    void read() {
        loaded = Math.max(written, loaded) + 1;
        Map<String, String> wanted = wanted();
        running.keySet().removeIf(n -> !NEED_RESTART.contains(n) && !wanted.containsKey(n));
        wanted.forEach((n, v) -> {
            if (!NEED_RESTART.contains(n)) {
                running.put(n, v);
            }
        });
    }

    private Map<String, String> wanted() {
        Map<String, String> all = new LinkedHashMap<>();
        List.of("role.conf", "postgresql.conf")
                .forEach(f -> Drift.byName(files.getOrDefault(f, List.of()))
                        .forEach((n, v) -> all.put(n, v.length() < 2 ? v : v.substring(1, v.length() - 1))));
        all.remove("include");
        all.putAll(altered);
        return all;
    }

    String setting(String name) {
        return running.getOrDefault(name, "");
    }

    /** Commits of its log that lie beyond a position; one for each byte in a pretend log. */
    long commitsBeyond(long position) {
        return Math.max(0, end - position);
    }

    /** The word after {@code host=} and {@code port=} of its primary_conninfo. */
    String follows() {
        String conninfo = setting("primary_conninfo");
        return conninfo.replaceFirst(".*host=(\\S+) port=(\\S+).*", "$1:$2");
    }

    /** Rows of look.sql about settings that only a restart changes, and of those that are waiting for one. */
    List<Map<String, Object>> settingRows(Set<String> asked) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, String> wanted = wanted();
        Set<String> names = new TreeSet<>(wanted.keySet());
        names.addAll(started.keySet());
        names.addAll(asked);
        names.stream()
                .filter(n -> NEED_RESTART.contains(n) || asked.contains(n))
                .forEach(n -> {
                    boolean static_ = NEED_RESTART.contains(n);
                    String now = static_ ? started.getOrDefault(n, BOOT.getOrDefault(n, "")) : setting(n);
                    String next = wanted.getOrDefault(n, BOOT.getOrDefault(n, ""));
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
