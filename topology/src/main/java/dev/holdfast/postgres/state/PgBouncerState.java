package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen of one PgBouncer beyond what is seen of any proxy: {@code pgbouncer/look.sh}.
 *
 * @param ways where it sends a database's clients, by database
 * @param written where its file sends them, which a restart reads: address and port by database
 * @param running how it works, by setting; empty when that was not asked
 * @param links the connections to servers that it holds
 * @param through what came back when its role asked a question through it; empty when that was not tried
 */
public record PgBouncerState(
        Map<String, Way> ways,
        Map<String, String> written,
        Map<String, String> running,
        List<Link> links,
        Optional<ActionResult> through) {

    public static final String WRONG_PASSWORD_FILE =
            "its password file does not hold today's password, or is not its own alone";

    public static final PgBouncerState NOTHING =
            new PgBouncerState(Map.of(), Map.of(), Map.of(), List.of(), Optional.empty());

    /**
     * A database's way.
     *
     * @param endpoint address and port of the server
     * @param state {@code open}, {@code paused} (its clients wait) or {@code disabled} (they are turned away)
     */
    public record Way(String endpoint, String state) {
        boolean isOpen() {
            return state.equals("open");
        }
    }

    /** @param pid of the server's process at its other end */
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

    /** The databases whose clients wait or are turned away, with how. */
    public List<String> shut() {
        return ways.entrySet().stream()
                .filter(w -> !w.getValue().isOpen())
                .map(w -> w.getKey() + " is " + w.getValue().state())
                .toList();
    }

    /** Clients wait, and no transaction is under way any more: whoever is behind it may be changed. */
    public boolean isStill(List<String> databases) {
        return links.isEmpty()
                && databases.stream()
                        .noneMatch(d -> ways.containsKey(d) && ways.get(d).isOpen());
    }

    /** The server that all of these databases are sent to, with nobody waiting; empty when they are not. */
    public Optional<String> endpoint(List<String> databases) {
        List<Way> all = databases.stream()
                .map(ways::get)
                .filter(w -> w != null && w.isOpen())
                .toList();
        boolean isOne = all.size() == databases.size()
                && all.stream().map(Way::endpoint).distinct().count() == 1;
        return isOne ? Optional.of(all.get(0).endpoint()) : Optional.empty();
    }

    /** For people: where its clients are. */
    public String description() {
        List<String> shut = shut();
        if (!shut.isEmpty()) {
            return String.join(", ", shut);
        }
        return ways.isEmpty()
                ? "no database is known to it"
                : String.join(
                        ", ",
                        ways.entrySet().stream()
                                .map(w ->
                                        w.getKey() + " goes to " + w.getValue().endpoint())
                                .toList());
    }
}
