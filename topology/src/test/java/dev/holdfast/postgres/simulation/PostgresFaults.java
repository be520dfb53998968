package dev.holdfast.postgres.simulation;

import static dev.holdfast.postgres.topology.Durability.AVAILABLE;
import static dev.holdfast.postgres.topology.Durability.FAST;
import static dev.holdfast.postgres.topology.Durability.PROTECT;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.FakeServer;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.PlantedGuard;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** The guards of the product that protect a PostgreSQL cluster, each with a sequence that shows the loss of it. */
final class PostgresFaults {

    private static final String FAILOVER = "failover payments";
    private static final String LOSSY = "failover payments --accept-data-loss";
    private static final String FENCED_LOSSY = "failover payments --override=fenced-by-hand --accept-data-loss";

    static final List<PlantedGuard<FakePostgres>> ALL = List.of(
            new PlantedGuard<>("a loss needs consent", PlantedFault::withoutConsent, behind(FAST)),
            new PlantedGuard<>(
                    "a primary whose host does not answer is confirmed to be off",
                    () -> PlantedFault.withoutRows("fenced-by-hand", "others-silent"),
                    on(FAST, happens(Kind.ISOLATE, "a1"), SimulatedEvent.command(LOSSY))),
            new PlantedGuard<>(
                    "a primary that other servers reach is not fenced",
                    () -> PlantedFault.withoutRows("primary-reached"),
                    on(PROTECT, happens(Kind.CUT_PORT, "a1"), SimulatedEvent.command(LOSSY))),
            new PlantedGuard<>(
                    "the old primary has stopped before another is promoted",
                    Unfenced::new,
                    on(PROTECT, happens(Kind.FREEZE, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "ALTER SYSTEM invalidates the history of synchronous standbys",
                    () -> withoutMarks("override", "changed"),
                    on(
                            PROTECT,
                            happens(Kind.STALL, "b1"),
                            happens(Kind.ALTER, "a1"),
                            happens(Kind.WRITE, "a1"),
                            happens(Kind.KILL, "a1"),
                            SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "commits beyond the candidate's WAL are counted",
                    () -> PlantedFault.changing(
                            "wal-gap.sh", line -> line.replaceAll("\"commits\":\"[0-9]+\"", "\"commits\":\"0\"")),
                    behind(FAST)),
            new PlantedGuard<>(
                    "the position of the candidate is its own", () -> answering(true, "lsn", "F/0"), behind(FAST)),
            new PlantedGuard<>(
                    "what only a member has is preserved before a rewind",
                    () -> new Idle("postgres/preserve-wal.sh", (action, server) -> {
                        server.marks.put(
                                "kept", action.script().values().get("name").toString());
                        server.marks.put("rows", "0\t0");
                    }),
                    behind(FAST)),
            new PlantedGuard<>(
                    "a rewind waits for the checkpoint of the new primary",
                    () -> answering(false, "control_timeline", "2"),
                    behind(FAST)),
            new PlantedGuard<>(
                    "the history is updated",
                    () -> PlantedFault.withoutStages(
                            "failover/record", "switchover/record", "rejoin/record", "apply/record and routes"),
                    on(PROTECT, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "commits wait for synchronous standbys again",
                    () -> PlantedFault.withoutStages(
                            "apply/archiving and commits", "failover/commits", "rejoin/commits", "switchover/commits"),
                    on(AVAILABLE, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "apply refuses when its preconditions do not hold",
                    () -> PlantedFault.withoutStages("apply/preconditions"),
                    replaced()),
            new PlantedGuard<>(
                    "the history shows which primary was the last", () -> withoutMarks("history"), replaced()),
            new PlantedGuard<>(
                    "stopped standbys are started before a loss",
                    () -> PlantedFault.withoutStages("failover/start"),
                    on(
                            PROTECT,
                            happens(Kind.STOP, "b1"),
                            happens(Kind.STOP, "d1"),
                            happens(Kind.WIPE, "a1"),
                            SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "apply restores standbys",
                    () -> PlantedFault.withoutStages("apply/standbys"),
                    on(PROTECT, happens(Kind.STOP, "b1"))),
            new PlantedGuard<>(
                    "a failover promotes",
                    () -> PlantedFault.withoutStages("failover/promotion"),
                    on(PROTECT, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "a failover that is refused says so",
                    () -> PlantedFault.withoutStages("failover/decision"),
                    on(PROTECT, happens(Kind.WIPE, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "a switchover promotes",
                    () -> PlantedFault.withoutStages("switchover/promotion"),
                    on(PROTECT, SimulatedEvent.command("switchover payments"))),
            new PlantedGuard<>(
                    "a rejoin makes the member follow",
                    () -> PlantedFault.withoutStages("rejoin/return"),
                    on(PROTECT, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedGuard<>(
                    "a rejoin fences a second primary",
                    () -> PlantedFault.withoutStages("rejoin/fence"),
                    on(PROTECT, happens(Kind.PROMOTE, "b1"))),
            new PlantedGuard<>(
                    "a failover fences",
                    () -> PlantedFault.withoutStages("failover/fence"),
                    on(PROTECT, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))));

    private PostgresFaults() {}

    private static SimulatedEvent happens(Kind kind, String member) {
        return SimulatedEvent.of(kind, member);
    }

    private static PostgresSequence on(Durability durability, SimulatedEvent... events) {
        return PostgresSequence.found(durability, false, events);
    }

    /** The primary is lost while its standby lacks commits that it has acknowledged. */
    private static PostgresSequence behind(Durability durability) {
        return on(
                durability,
                happens(Kind.STALL, "b1"),
                happens(Kind.WRITE, "a1"),
                happens(Kind.KILL, "a1"),
                SimulatedEvent.command(FAILOVER),
                SimulatedEvent.command(LOSSY));
    }

    /** The primary was replaced, and its successor is lost before another member followed it. */
    private static PostgresSequence replaced() {
        return on(
                FAST,
                happens(Kind.STOP, "d1"),
                happens(Kind.POWER_OFF, "a1"),
                SimulatedEvent.command(FENCED_LOSSY),
                happens(Kind.WRITE, "b1"),
                happens(Kind.WIPE, "b1"),
                happens(Kind.POWER_ON, "a1"),
                SimulatedEvent.command("apply"));
    }

    /** Marks of these kinds are never observed. */
    private static PlantedFault<FakePostgres> withoutMarks(String... kinds) {
        return PlantedFault.withoutRecords(
                Arrays.stream(kinds).map(k -> "\"kind\":\"" + k + "\"").toArray(String[]::new));
    }

    /** Rows of this answer of servers are changed. */
    private static PlantedFault<FakePostgres> answering(boolean isStandby, String key, Object value) {
        return PlantedFault.observing((action, result) -> {
            if (action instanceof Action.RunSql && result.isOk()) {
                result.rows().stream()
                        .filter(r -> key.equals(r.get("key")) && isOfStandby(result) == isStandby)
                        .forEach(r -> r.put("value", value));
            }
            return result;
        });
    }

    private static boolean isOfStandby(ActionResult result) {
        return result.rows().stream()
                .anyMatch(r -> "standby".equals(r.get("key"))
                        && Boolean.TRUE.toString().equals(String.valueOf(r.get("value"))));
    }

    /** A fence that does nothing, on a host that reports the opposite: the candidate is promoted while the old primary runs. */
    static final class Unfenced extends PlantedFault<FakePostgres> {

        private final Set<String> fenced = new HashSet<>();

        @Override
        public boolean isIgnored(Action action) {
            return action.script().file().equals("postgres/fence.sh") || isRead(action);
        }

        private boolean isRead(Action action) {
            return action instanceof Action.RunSql sql
                    && fenced.contains(sql.node().id());
        }

        @Override
        public ActionResult pretended(Action action, FakePostgres fake) {
            if (isRead(action)) {
                return ActionResult.silent("connection refused");
            }
            String directory = action.script().values().get("directory").toString();
            fenced.add("payments/servers/" + directory.split("/")[2]);
            fake.servers
                    .get(directory)
                    .marks
                    .put("fence", action.script().values().get("mark").toString());
            return ActionResult.ok("");
        }

        @Override
        public ActionResult observed(Action action, ActionResult result) {
            if (isRead(action)) {
                return ActionResult.silent("connection refused");
            }
            if (!action.script().file().endsWith("look.sh") || !result.isOk()) {
                return result;
            }
            return ActionResult.ok(changed(result.text(), this::asFenced));
        }

        private String asFenced(String line) {
            boolean isFenced = fenced.stream().anyMatch(id -> line.contains("\"id\":\"" + id + "\""));
            return isFenced && line.startsWith("{\"t\":\"node\"")
                    ? line.replace("\"process\":\"up\"", "\"process\":\"down\"")
                            .replace("\"port\":\"taken\"", "\"port\":\"free\"")
                    : line;
        }
    }

    /** An action that says that it is done, and does nothing but its marks. */
    static final class Idle extends PlantedFault<FakePostgres> {

        private final String script;
        private final BiConsumer<Action, FakeServer> marks;

        Idle(String script, BiConsumer<Action, FakeServer> marks) {
            this.script = script;
            this.marks = marks;
        }

        @Override
        public boolean isIgnored(Action action) {
            return action.script().file().equals(script);
        }

        @Override
        public ActionResult pretended(Action action, FakePostgres fake) {
            marks.accept(action, fake.servers.get(action.script().values().get("directory")));
            return ActionResult.ok("");
        }
    }
}
