package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
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
            "the password file lacks the current password, or other users can read it";

    public static final PgBouncerState NOTHING =
            new PgBouncerState(Map.of(), Map.of(), Map.of(), List.of(), Optional.empty());

    /**
     * The route of a database.
     *
     * @param endpoint address and port of the server
     */
    public record Way(String endpoint, ProxyRecords.PoolState state) {
        boolean isOpen() {
            return state == ProxyRecords.PoolState.OPEN;
        }
    }

    /** @param pid process id of the server backend */
    public record Link(String database, String endpoint, String pid) {}

    static PgBouncerState of(String id, ScriptAnswer answer) {
        Map<String, Way> ways = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        Map<String, String> running = new LinkedHashMap<>();
        answer.all(ProxyRecords.DatabaseRoute.class, r -> r.id().equals(id))
                .forEach(r -> ways.put(r.database(), new Way(r.endpoint(), r.state())));
        answer.all(ProxyRecords.RestartRoute.class, r -> r.id().equals(id))
                .forEach(r -> written.put(r.database(), r.endpoint()));
        answer.all(ProxyRecords.Setting.class, r -> r.id().equals(id)).forEach(r -> running.put(r.name(), r.value()));
        List<Link> links = answer.all(ProxyRecords.Connection.class, r -> r.id().equals(id)).stream()
                .map(r -> new Link(r.database(), r.endpoint(), r.pid()))
                .toList();
        return new PgBouncerState(ways, written, running, links, Optional.empty());
    }

    PgBouncerState answered(ActionResult answer) {
        return new PgBouncerState(ways, written, running, links, Optional.of(answer));
    }

    /** Returns the databases whose clients wait or are refused, with their state. */
    public List<String> shut() {
        return ways.entrySet().stream()
                .filter(w -> !w.getValue().isOpen())
                .map(w -> w.getKey() + " is " + ScriptFormat.word(w.getValue().state()))
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
                ? "PgBouncer has no database"
                : String.join(
                        ", ",
                        ways.entrySet().stream()
                                .map(w ->
                                        w.getKey() + " goes to " + w.getValue().endpoint())
                                .toList());
    }
}
