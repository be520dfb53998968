package dev.holdfast.postgres.simulation;

import static dev.holdfast.postgres.topology.PostgresCluster.Durability.AVAILABLE;
import static dev.holdfast.postgres.topology.PostgresCluster.Durability.FAST;
import static dev.holdfast.postgres.topology.PostgresCluster.Durability.PROTECT;

import dev.holdfast.postgres.simulation.SimulatedEvent.Kind;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import java.util.List;
import java.util.function.Supplier;

/**
 * A guard of the product, the fault that takes it away, and a sequence that shows the loss of it.
 *
 * @param guard what the product does, as a sentence
 * @param fault a new one for each run
 */
record PlantedFaults(String guard, Supplier<PlantedFault> fault, SimulatedSequence sequence) {

    private static final String FAILOVER = "failover payments";
    private static final String LOSSY = "failover payments --accept-data-loss";
    private static final String FENCED_LOSSY = "failover payments --override=fenced-by-hand --accept-data-loss";

    static final List<PlantedFaults> ALL = List.of(
            new PlantedFaults("a loss needs consent", PlantedFault::withoutConsent, behind(FAST)),
            new PlantedFaults(
                    "a primary whose host does not answer is confirmed to be off",
                    () -> PlantedFault.withoutRows("fenced-by-hand", "others-silent"),
                    on(FAST, happens(Kind.ISOLATE, "a1"), SimulatedEvent.command(LOSSY))),
            new PlantedFaults(
                    "a primary that other servers reach is not fenced",
                    () -> PlantedFault.withoutRows("primary-reached"),
                    on(PROTECT, happens(Kind.CUT_PORT, "a1"), SimulatedEvent.command(LOSSY))),
            new PlantedFaults(
                    "the old primary has stopped before another is promoted",
                    PlantedFault.Unfenced::new,
                    on(PROTECT, happens(Kind.FREEZE, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedFaults(
                    "ALTER SYSTEM invalidates the history of synchronous standbys",
                    () -> PlantedFault.withoutMarks("override", "changed"),
                    on(
                            PROTECT,
                            happens(Kind.STALL, "b1"),
                            happens(Kind.ALTER, "a1"),
                            happens(Kind.WRITE, "a1"),
                            happens(Kind.KILL, "a1"),
                            SimulatedEvent.command(FAILOVER))),
            new PlantedFaults(
                    "commits beyond the candidate's WAL are counted",
                    () -> PlantedFault.changing(
                            "wal-gap.sh", line -> line.replaceAll("\"commits\":\"[0-9]+\"", "\"commits\":\"0\"")),
                    behind(FAST)),
            new PlantedFaults(
                    "the position of the candidate is its own",
                    () -> PlantedFault.answering(true, "lsn", "F/0"),
                    behind(FAST)),
            new PlantedFaults(
                    "what only a member has is preserved before a rewind",
                    () -> new PlantedFault.Idle("postgres/preserve-wal.sh", (action, server) -> {
                        server.marks.put(
                                "kept", action.script().values().get("name").toString());
                        server.marks.put("rows", "0\t0");
                    }),
                    behind(FAST)),
            new PlantedFaults(
                    "a rewind waits for the checkpoint of the new primary",
                    () -> PlantedFault.answering(false, "control_timeline", "2"),
                    behind(FAST)),
            new PlantedFaults(
                    "the history is updated",
                    () -> PlantedFault.withoutStages(
                            "failover/record", "switchover/record", "rejoin/record", "apply/record and routes"),
                    on(PROTECT, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedFaults(
                    "commits wait for synchronous standbys again",
                    () -> PlantedFault.withoutStages(
                            "apply/archiving and commits", "failover/commits", "rejoin/commits", "switchover/commits"),
                    on(AVAILABLE, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))),
            new PlantedFaults(
                    "apply refuses when its preconditions do not hold",
                    () -> PlantedFault.withoutStages("apply/preconditions"),
                    replaced()),
            new PlantedFaults(
                    "the history shows which primary was the last",
                    () -> PlantedFault.withoutMarks("history"),
                    replaced()),
            new PlantedFaults(
                    "stopped standbys are started before a loss",
                    () -> PlantedFault.withoutStages("failover/start"),
                    on(
                            PROTECT,
                            happens(Kind.STOP, "b1"),
                            happens(Kind.STOP, "d1"),
                            happens(Kind.WIPE, "a1"),
                            SimulatedEvent.command(FAILOVER))),
            new PlantedFaults(
                    "a failover fences",
                    () -> PlantedFault.withoutStages("failover/fence"),
                    on(PROTECT, happens(Kind.KILL, "a1"), SimulatedEvent.command(FAILOVER))));

    private static SimulatedEvent happens(Kind kind, String member) {
        return SimulatedEvent.of(kind, member);
    }

    private static SimulatedSequence on(Durability durability, SimulatedEvent... events) {
        return SimulatedSequence.found(durability, false, events);
    }

    /** The primary is lost while its standby lacks commits that it has acknowledged. */
    private static SimulatedSequence behind(Durability durability) {
        return on(
                durability,
                happens(Kind.STALL, "b1"),
                happens(Kind.WRITE, "a1"),
                happens(Kind.KILL, "a1"),
                SimulatedEvent.command(FAILOVER),
                SimulatedEvent.command(LOSSY));
    }

    /** The primary was replaced, and its successor is lost before another member followed it. */
    private static SimulatedSequence replaced() {
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

    @Override
    public String toString() {
        return guard;
    }
}
