package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.value.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The state of one running PostgreSQL server: the rows of {@code postgres/look.sql} with kind, name, key and value. */
public record ServerState(Map<String, Map<String, Map<String, String>>> facts) {

    private static final Duration LONG_WAIT = Duration.ofMinutes(1);

    /** An unknown server, for example one that does not exist yet. */
    static final ServerState NEW = new ServerState(Map.of());

    public static ServerState of(ActionResult answer) {
        Map<String, Map<String, Map<String, String>>> facts = new LinkedHashMap<>();
        for (Map<String, Object> row : answer.rows()) {
            Object value = row.get("value");
            if (value != null) {
                facts.computeIfAbsent(text(row, "kind"), k -> new LinkedHashMap<>())
                        .computeIfAbsent(text(row, "name"), k -> new LinkedHashMap<>())
                        .put(text(row, "key"), value.toString());
            }
        }
        return new ServerState(facts);
    }

    private static String text(Map<String, Object> row, String column) {
        return String.valueOf(row.get(column));
    }

    private Map<String, Map<String, String>> all(String kind) {
        return facts.getOrDefault(kind, Map.of());
    }

    private String own(String key) {
        return all("server").getOrDefault("", Map.of()).getOrDefault(key, "");
    }

    public boolean isStandby() {
        return own("standby").equals("true");
    }

    String version() {
        return own("version").replaceFirst(" .*", "");
    }

    int major() {
        return Integer.parseInt("0" + own("version_number")) / 10_000;
    }

    String systemIdentifier() {
        return own("system_identifier");
    }

    public int timeline() {
        return Integer.parseInt("0" + own("timeline"));
    }

    /** Returns the timeline of its control file, which lags behind a promotion until the next checkpoint. */
    public int controlTimeline() {
        return Integer.parseInt("0" + own("control_timeline"));
    }

    /** Returns the start time of its postmaster, as text; equal texts mean the same process. */
    public String started() {
        return own("started");
    }

    /** Returns the seconds since its last checkpoint. */
    public double checkpointAge() {
        return Double.parseDouble("0" + own("checkpoint_age").replace("-", ""));
    }

    /** Returns the end of its WAL: written on a primary, received or replayed on a standby. */
    public Lsn end() {
        return Lsn.at(own("lsn"));
    }

    /** Returns the time of the last commit that a standby has replayed, in milliseconds; empty before the first. */
    public Optional<Instant> lastCommit() {
        return Optional.of(own("last_commit"))
                .filter(c -> c.matches("[0-9.]+"))
                .map(c -> Instant.ofEpochMilli((long) (Double.parseDouble(c) * 1000)));
    }

    /** Returns the time when it last read its configuration, in seconds since 1970. */
    public double loaded() {
        return Double.parseDouble("0" + own("loaded"));
    }

    public String configFile() {
        return own("config_file");
    }

    public String synchronousNames() {
        return own("synchronous_standby_names");
    }

    /** Returns whether a standby has received WAL from its primary since its start; a restart resets the position. */
    public boolean hasReceived() {
        Lsn received = Lsn.at(own("received"));
        return !own("received").isEmpty() && !replayed().isPast(received);
    }

    /**
     * Returns whether the control file of a standby has the end of what it has replayed, with its timeline. PostgreSQL writes it
     * there at a restart point.
     */
    public boolean isEndInControlFile() {
        return isEndInControlFile(replayed());
    }

    public boolean isEndInControlFile(Lsn end) {
        return own("control_end").isEmpty() || !end.isPast(Lsn.at(own("control_end")));
    }

    /** Returns the end of what a standby has replayed. */
    public Lsn replayed() {
        return Lsn.at(own("replayed"));
    }

    /** Returns roles and databases whose commits do not wait for a standby's disk, as a sentence; empty when there are none. */
    public String unsafeCommits() {
        return own("unsafe_commits");
    }

    public boolean isReplayPaused() {
        return own("replay_paused").equals("true");
    }

    public boolean hasDatabase() {
        return own("database").equals("true");
    }

    public boolean rewinderMayRewind() {
        return own("rewinder_may").equals("true");
    }

    /** Returns its followers, by application_name. */
    public Map<String, Map<String, String>> followers() {
        return all("follower");
    }

    public Map<String, String> follower(String name) {
        return followers().getOrDefault(name, Map.of());
    }

    /** Returns what its WAL receiver reports of the server that it follows; empty when it does not receive. */
    public Map<String, String> receiver() {
        return all("receiver").getOrDefault("", Map.of());
    }

    public boolean receives() {
        return receiver().getOrDefault("status", "").equals("streaming");
    }

    public Map<String, Map<String, String>> slots() {
        return all("slot");
    }

    public Map<String, String> archiver() {
        return all("archiver").getOrDefault("", Map.of());
    }

    /** Returns whether the last attempt to archive has failed. */
    public boolean isArchivingFailing() {
        return archiver().getOrDefault("failing", "").equals("true");
    }

    /** Returns how long the first complete segment has waited to be archived; zero when none waits. */
    public Duration archiveWait() {
        return Duration.ofSeconds(Long.parseLong(archiver().getOrDefault("waited", "0")));
    }

    /** Whether archive_command has neither finished nor failed for longer than it needs for many segments. */
    public boolean isArchivingStalled() {
        return archiveWait().compareTo(LONG_WAIT) > 0;
    }

    /** Returns roles that may log in, are no superusers and are not declared. */
    public List<String> undeclaredRoles() {
        return all("undeclared").keySet().stream().sorted().toList();
    }

    public Map<String, Map<String, String>> settings() {
        return all("setting");
    }

    public List<String> pendingRestart() {
        return settings().entrySet().stream()
                .filter(s -> s.getValue().getOrDefault("pending_restart", "").equals("true"))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Returns the settings of the command line, which a configuration file cannot change. */
    public List<String> onCommandLine() {
        return settings().entrySet().stream()
                .filter(s -> s.getValue().getOrDefault("source", "").equals("command line"))
                .map(Map.Entry::getKey)
                .filter(n -> !n.equals("config_file"))
                .sorted()
                .toList();
    }

    /** Returns the settings of ALTER SYSTEM, by name. */
    public Map<String, String> altered() {
        Map<String, String> altered = new LinkedHashMap<>();
        all("altered").forEach((name, keys) -> altered.put(name, keys.getOrDefault("setting", "")));
        return altered;
    }

    /** Returns errors in its configuration files, as sentences. */
    public List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        all("wrong").forEach((name, keys) -> wrong.add(name + ": " + keys.getOrDefault("error", "")));
        return wrong;
    }

    /** Returns the same, with the reason why it would not start with the declared settings. */
    ServerState withRefusedSettings(String why) {
        Map<String, Map<String, Map<String, String>>> more = new LinkedHashMap<>(facts);
        more.put("refused", Map.of("", Map.of("settings", why)));
        return new ServerState(more);
    }

    public Optional<String> refusedSettings() {
        return Optional.ofNullable(all("refused").getOrDefault("", Map.of()).get("settings"));
    }

    public Map<String, Map<String, String>> roles() {
        return all("role");
    }

    /** Returns the history file of its timeline; empty on the first timeline. */
    String history() {
        return own("history");
    }

    /** Returns earlier timelines of a primary, after the first, whose history files are missing in its {@code pg_wal}. */
    public List<Integer> missingHistories() {
        return Stream.of(own("missing_histories").split(","))
                .filter(n -> !n.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    /** Returns the client sessions, without those of Holdfast, of replication and of PgBouncer's own user. */
    int clients() {
        return Integer.parseInt("0" + own("clients"));
    }

    /** Returns the end of a timeline that this primary has left; END_OF_LOG when its history lacks the timeline. */
    public Lsn leftTimelineAt(int timeline) {
        return own("history")
                .lines()
                .map(l -> l.trim().split("\\s+"))
                .filter(f -> f.length >= 2 && f[0].equals(Integer.toString(timeline)))
                .map(f -> Lsn.at(f[1]))
                .findFirst()
                .orElse(Lsn.START);
    }
}
