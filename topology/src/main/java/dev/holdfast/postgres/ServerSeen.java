package dev.holdfast.postgres;

import dev.holdfast.world.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one running PostgreSQL server said of itself: {@code postgres/look.sql}'s rows of kind, name, key and value. */
record ServerSeen(Map<String, Map<String, Map<String, String>>> told) {

    /** A server of which nothing is known yet, such as one that is still to be made. */
    static final ServerSeen NEW = new ServerSeen(Map.of());

    static ServerSeen of(Answer answer) {
        Map<String, Map<String, Map<String, String>>> told = new LinkedHashMap<>();
        for (Map<String, Object> row : answer.rows()) {
            Object value = row.get("value");
            if (value != null) {
                told.computeIfAbsent(text(row, "kind"), k -> new LinkedHashMap<>())
                        .computeIfAbsent(text(row, "name"), k -> new LinkedHashMap<>())
                        .put(text(row, "key"), value.toString());
            }
        }
        return new ServerSeen(told);
    }

    private static String text(Map<String, Object> row, String column) {
        return String.valueOf(row.get(column));
    }

    private Map<String, Map<String, String>> all(String kind) {
        return told.getOrDefault(kind, Map.of());
    }

    private String own(String key) {
        return all("server").getOrDefault("", Map.of()).getOrDefault(key, "");
    }

    boolean isStandby() {
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

    int timeline() {
        return Integer.parseInt("0" + own("timeline"));
    }

    /** The timeline of its control file, which lags behind a promotion until the next checkpoint. */
    int controlTimeline() {
        return Integer.parseInt("0" + own("control_timeline"));
    }

    /** When its first process was started, as text; the same text is the same life. */
    String started() {
        return own("started");
    }

    /** Seconds since its last checkpoint. */
    double checkpointAge() {
        return Double.parseDouble("0" + own("checkpoint_age").replace("-", ""));
    }

    /** Where its log ends: written on a primary, received or replayed on a standby. */
    Wal end() {
        return Wal.at(own("lsn"));
    }

    /** When the last commit that a standby has replayed was made, in whole milliseconds; empty before the first. */
    Optional<Instant> lastCommit() {
        return Optional.of(own("last_commit"))
                .filter(c -> c.matches("[0-9.]+"))
                .map(c -> Instant.ofEpochMilli((long) (Double.parseDouble(c) * 1000)));
    }

    /** When it last read its configuration, in seconds since 1970. */
    double loaded() {
        return Double.parseDouble("0" + own("loaded"));
    }

    String configFile() {
        return own("config_file");
    }

    String synchronousNames() {
        return own("synchronous_standby_names");
    }

    boolean isReplayPaused() {
        return own("replay_paused").equals("true");
    }

    boolean hasDatabase() {
        return own("database").equals("true");
    }

    boolean rewinderMayRewind() {
        return own("rewinder_may").equals("true");
    }

    /** Who follows it, by application_name. */
    Map<String, Map<String, String>> followers() {
        return all("follower");
    }

    Map<String, String> follower(String name) {
        return followers().getOrDefault(name, Map.of());
    }

    /** What its own receiver says of the server it follows; empty when it does not receive. */
    Map<String, String> receiver() {
        return all("receiver").getOrDefault("", Map.of());
    }

    boolean receives() {
        return receiver().getOrDefault("status", "").equals("streaming");
    }

    Map<String, Map<String, String>> slots() {
        return all("slot");
    }

    Map<String, String> archiver() {
        return all("archiver").getOrDefault("", Map.of());
    }

    Map<String, Map<String, String>> settings() {
        return all("setting");
    }

    List<String> pendingRestart() {
        return settings().entrySet().stream()
                .filter(s -> s.getValue().getOrDefault("pending_restart", "").equals("true"))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Settings given on the server's command line that a configuration file cannot change. */
    List<String> onCommandLine() {
        return settings().entrySet().stream()
                .filter(s -> s.getValue().getOrDefault("source", "").equals("command line"))
                .map(Map.Entry::getKey)
                .filter(n -> !n.equals("config_file"))
                .sorted()
                .toList();
    }

    /** What ALTER SYSTEM has set: name and value. */
    Map<String, String> altered() {
        Map<String, String> altered = new LinkedHashMap<>();
        all("altered").forEach((name, keys) -> altered.put(name, keys.getOrDefault("setting", "")));
        return altered;
    }

    /** What in its configuration files the server cannot take, as sentences. */
    List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        all("wrong").forEach((name, keys) -> wrong.add(name + ": " + keys.getOrDefault("error", "")));
        return wrong;
    }

    Map<String, Map<String, String>> roles() {
        return all("role");
    }

    /** Where a timeline that this primary has left ended; END_OF_LOG when it is not in its history. */
    Wal leftTimelineAt(int timeline) {
        return own("history")
                .lines()
                .map(l -> l.trim().split("\\s+"))
                .filter(f -> f.length >= 2 && f[0].equals(Integer.toString(timeline)))
                .map(f -> Wal.at(f[1]))
                .findFirst()
                .orElse(Wal.START);
    }
}
