package dev.holdfast.postgres.simulation;

import dev.holdfast.execution.Action;
import dev.holdfast.postgres.FakeCommit;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.FakeServer;
import dev.holdfast.postgres.simulation.PostgresClients.Acknowledgement;
import dev.holdfast.simulation.Violations;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The invariants about each action that Holdfast executes.
 *
 * <ol>
 *   <li>A server that Holdfast promotes or starts as primary holds every acknowledged commit, unless the operator has accepted
 *       a loss of at least as many.
 *   <li>No command increases the number of primaries beyond one.
 *   <li>No data is discarded whose acknowledged commits no other member and no preserved folder has, also after a loss that was
 *       accepted.
 *   <li>No primary that serves is fenced by a failover without an override.
 *   <li>No member that a person promoted is recorded as the primary while the primary before it runs, without an override.
 * </ol>
 *
 * <p>Excused are commits that a person has given up: by promoting a member without them, by wiping their only copy, or by
 * writing to several primaries at a time.
 */
final class PostgresJudge {

    private static final Set<String> DISCARDING =
            Set.of("postgres/rewind.sh", "postgres/preserve-data.sh", "postgres/clone.sh", "postgres/remove.sh");

    private final PostgresModel estate;
    private final Set<FakeCommit> excused = new HashSet<>();
    private final Set<FakeCommit> kept = new HashSet<>();
    private String command = "";
    private OptionalLong bound = OptionalLong.empty();
    private Set<String> writers = Set.of();
    /** The number of primaries when the command started. */
    private int before;

    private List<FakeCommit> discarded = List.of();
    private final Violations violations = new Violations();

    PostgresJudge(PostgresModel estate) {
        this.estate = estate;
    }

    Violations violations() {
        return violations;
    }

    private void violated(String what) {
        violations.violated(what);
    }

    /** @param bound the number of commits that the last refusal named as lost at most; empty when it is unknown */
    void commandStarts(String command, String bound) {
        this.command = command;
        this.before = writers().size();
        this.bound = bound.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bound));
    }

    private boolean isLossAccepted() {
        return command.contains("--accept-data-loss");
    }

    private FakePostgres fake() {
        return estate.fake();
    }

    private FakeServer serverOf(Action action) {
        if (action instanceof Action.RunSql sql) {
            return fake().servers.get(sql.node().directory());
        }
        Object directory = action.script().values().get("directory");
        return directory == null ? null : fake().servers.get(directory);
    }

    private Set<String> writers() {
        return estate.clients().primaries().stream().map(s -> s.name).collect(Collectors.toCollection(TreeSet::new));
    }

    void before(Action action) {
        writers = writers();
        FakeServer server = serverOf(action);
        boolean isDiscarding =
                server != null && DISCARDING.contains(action.script().file());
        discarded = isDiscarding ? List.copyOf(server.wal) : List.of();
        if (server != null
                && action.script().file().equals("postgres/fence.sh")
                && command.startsWith("failover")
                && !command.contains("--override")
                && serves(server)) {
            violated("a failover fences " + server.name + ", which is primary and serves");
        }
    }

    private boolean serves(FakeServer server) {
        return server.up
                && !server.standby
                && !server.hangs
                && !fake().isolatedHosts.contains(server.name)
                && !estate.strays().contains(server.name);
    }

    void after(Action action, boolean isDone) {
        FakeServer server = serverOf(action);
        if (server == null) {
            return;
        }
        String script = action.script().file();
        if (script.equals("postgres/preserve-wal.sh") && isDone) {
            kept.addAll(server.wal);
        }
        if (script.equals("postgres/preserve-data.sh") && isDone) {
            kept.addAll(discarded);
        }
        if (DISCARDING.contains(script)) {
            discarded();
        }
        if (script.equals("postgres/sync-history-append.sh") && isDone) {
            recorded(action.script().values().get("line").toString().split("\t")[3]);
        }
        Set<String> now = writers();
        if (!writers.containsAll(now)) {
            now.stream().filter(n -> !writers.contains(n)).forEach(this::becamePrimary);
        }
    }

    private void recorded(String name) {
        if (estate.strays().contains(name) && !command.contains("--override")) {
            writers().stream()
                    .filter(w -> !w.equals(name) && !estate.strays().contains(w))
                    .forEach(w -> violated("'" + command + "' records " + name + " as primary, while " + w + " is"));
        }
    }

    private void discarded() {
        List<FakeCommit> lost = discarded.stream()
                .filter(c -> estate.clients().acknowledged().containsKey(c))
                .filter(c -> !kept.contains(c) && !isAnywhere(c))
                .toList();
        if (!lost.isEmpty()) {
            violated("the last copy of " + numbers(lost) + " is discarded");
        }
        excused.addAll(lost);
    }

    private boolean isAnywhere(FakeCommit commit) {
        return fake().servers.values().stream().anyMatch(s -> s.data && s.wal.contains(commit));
    }

    private void becamePrimary(String name) {
        FakeServer server = estate.bank().at(name);
        List<FakeServer> rivals = estate.clients().primaries().stream()
                .filter(s ->
                        s != server && !(estate.isHidden(s) && estate.strays().contains(s.name)))
                .toList();
        estate.strays().remove(name);
        if (!rivals.isEmpty() && writers().size() > before) {
            violated(name + " becomes primary by '" + command + "' while " + rivals.get(0).name + " is");
        }
        List<FakeCommit> missing = missing(server).stream()
                .filter(a -> !isHiddenStray(a.by()))
                .map(Acknowledgement::commit)
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        if (!isLossAccepted()) {
            violated(name + " becomes primary by '" + command + "' without the acknowledged " + numbers(missing));
        } else if (bound.isPresent() && missing.size() > bound.getAsLong()) {
            violated(name + " becomes primary without the acknowledged " + numbers(missing)
                    + ", and the accepted bound was " + bound.getAsLong());
        }
        excused.addAll(missing);
    }

    private boolean isHiddenStray(String name) {
        return estate.strays().contains(name) && estate.isHidden(estate.bank().at(name));
    }

    /** Returns acknowledged commits that a server lacks and without consent to their loss. */
    Collection<Acknowledgement> missing(FakeServer server) {
        Set<FakeCommit> has = new HashSet<>(server.wal);
        return estate.clients().acknowledged().entrySet().stream()
                .filter(e -> e.getValue().isFair() && !excused.contains(e.getKey()) && !has.contains(e.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** A person has made this server primary: what it lacks is that person's loss. */
    void lostByPerson(FakeServer server) {
        missing(server).forEach(a -> excused.add(a.commit()));
    }

    /** A person has discarded this server: what no other one holds is that person's loss. */
    void lostOnly(FakeServer server) {
        server.wal.stream()
                .filter(c ->
                        fake().servers.values().stream().noneMatch(s -> s != server && s.data && s.wal.contains(c)))
                .forEach(excused::add);
    }

    static String numbers(Collection<FakeCommit> commits) {
        return (commits.size() == 1 ? "commit " : "commits ")
                + commits.stream().map(c -> Integer.toString(c.number())).collect(Collectors.joining(", "));
    }
}
