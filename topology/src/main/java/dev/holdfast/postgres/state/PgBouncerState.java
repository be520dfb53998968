package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The observed state of one PgBouncer, beyond that of any proxy: {@code pgbouncer/look.sh}.
 *
 * @param ways routes of clients, by database
 * @param written routes in its file, which a restart reads: address and port by database
 * @param running its running settings; empty when they were not queried
 * @param links its server connections
 * @param through result of a query through it; empty when none was tried
 */
public record PgBouncerState(
        Map<String, Way> ways,
        Map<String, String> written,
        Map<String, String> running,
        List<Link> links,
        Optional<ActionResult> through) {

    public static final String WRONG_PASSWORD_FILE =
            "its password file lacks the current password, or other users can read it";

    public static final PgBouncerState NOTHING =
            new PgBouncerState(Map.of(), Map.of(), Map.of(), List.of(), Optional.empty());

    /**
     * The route of a database.
     *
     * @param endpoint address and port of the server
     * @param state {@code open}, {@code paused} (its clients wait) or {@code disabled} (its clients are refused)
     */
    public record Way(String endpoint, String state) {
        boolean isOpen() {
            return state.equals("open");
        }
    }

    /** @param pid process id of the server backend */
    public record Link(String database, String endpoint, String pid) {}

    static PgBouncerState of(String id, String message) {
        Map<String, Way> ways = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        Map<String, String> running = new LinkedHashMap<>();
        List<Link> links = new ArrayList<>();
        for (String line : message.lines().toList()) {
            String[] f = line.split("\t", -1);
            if (f.length > 3 && f[1].equals(id)) {
                switch (f[0]) {
                    case "database" -> ways.put(f[2], new Way(f[3], f[4]));
                    case "written" -> written.put(f[2], f[3]);
                    case "setting" -> running.put(f[2], f[3]);
                    case "link" -> links.add(new Link(f[2], f[3], f[4]));
                    default -> {
                        continue;
                    }
                }
            }
        }
        return new PgBouncerState(ways, written, running, links, Optional.empty());
    }

    PgBouncerState answered(ActionResult answer) {
        return new PgBouncerState(ways, written, running, links, Optional.of(answer));
    }

    /** Returns the databases whose clients wait or are refused, with their state. */
    public List<String> shut() {
        return ways.entrySet().stream()
                .filter(w -> !w.getValue().isOpen())
                .map(w -> w.getKey() + " is " + w.getValue().state())
                .toList();
    }

    /** Returns whether clients wait and no transaction is in progress, so that the server behind it can be changed. */
    public boolean isStill(List<String> databases) {
        return links.isEmpty()
                && databases.stream()
                        .noneMatch(d -> ways.containsKey(d) && ways.get(d).isOpen());
    }

    /** Returns the server of all these databases, without waiting clients; empty otherwise. */
    public Optional<String> endpoint(List<String> databases) {
        List<Way> all = databases.stream()
                .map(ways::get)
                .filter(w -> w != null && w.isOpen())
                .toList();
        boolean isOne = all.size() == databases.size()
                && all.stream().map(Way::endpoint).distinct().count() == 1;
        return isOne ? Optional.of(all.get(0).endpoint()) : Optional.empty();
    }

    /** Describes its routes for the operator. */
    public String description() {
        List<String> shut = shut();
        if (!shut.isEmpty()) {
            return String.join(", ", shut);
        }
        return ways.isEmpty()
                ? "it has no database"
                : String.join(
                        ", ",
                        ways.entrySet().stream()
                                .map(w ->
                                        w.getKey() + " goes to " + w.getValue().endpoint())
                                .toList());
    }
}
