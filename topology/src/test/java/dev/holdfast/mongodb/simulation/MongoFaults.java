package dev.holdfast.mongodb.simulation;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.mongodb.simulation.MongoSequence.Layout;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.PlantedGuard;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The guards of the product that protect a replica set, each with a sequence that shows the loss of it. */
final class MongoFaults {

    private static final String FAILOVER = "failover social/rs";
    private static final String LOSSY = FAILOVER + " --accept-data-loss";
    private static final String STATUS = "mongodb/status.json";
    private static final int ALONE = 0;
    private static final int ONLY_DATA = 1;

    static final List<PlantedGuard<SimulatedSet>> ALL = List.of(
            new PlantedGuard<>("a failover with a loss needs consent", PlantedFault::withoutConsent, behind(FAILOVER)),
            new PlantedGuard<>(
                    "the bound of a loss covers what a member that is left behind has written",
                    () -> PlantedFault.changing(
                            "member-records.sh",
                            line -> line.startsWith("{\"t\":\"written\"")
                                    ? line.replaceAll("\"seconds\":\"[0-9]+\"", "\"seconds\":\"1\"")
                                    : line),
                    on(
                            Layout.THREE,
                            happens(Kind.STALL, "c1"),
                            happens(Kind.TIME, "a1"),
                            happens(Kind.WRITE, "a1"),
                            happens(Kind.KILL, "a1"),
                            happens(Kind.KILL, "b1"),
                            SimulatedEvent.command(FAILOVER),
                            SimulatedEvent.command(LOSSY))),
            new PlantedGuard<>(
                    "members whose hosts do not answer are confirmed to be off",
                    () -> PlantedFault.withoutRows("others-silent"),
                    on(
                            Layout.THREE,
                            happens(Kind.PART, "b1"),
                            happens(Kind.PART, "c1"),
                            happens(Kind.CUT_FROM_CLI, "a1"),
                            happens(Kind.CUT_FROM_CLI, "b1"),
                            SimulatedEvent.command(LOSSY))),
            new PlantedGuard<>(
                    "a member that other members reach is not left behind",
                    () -> replying(STATUS, MongoFaults::withoutHeartbeats),
                    on(
                            Layout.FIVE,
                            happens(Kind.KILL, "e1"),
                            happens(Kind.CUT_FROM_CLI, "a1"),
                            happens(Kind.CUT_FROM_CLI, "b1"),
                            SimulatedEvent.command(LOSSY))),
            new PlantedGuard<>(
                    "a failover fences the members that it leaves behind",
                    () -> PlantedFault.withoutStages("failover/fence"),
                    on(
                            Layout.THREE,
                            happens(Kind.KILL, "b1"),
                            happens(Kind.KILL, "c1"),
                            happens(Kind.TIME, "a1"),
                            SimulatedEvent.command(FAILOVER),
                            SimulatedEvent.command(LOSSY),
                            happens(Kind.WRITE, "a1"),
                            happens(Kind.KILL, "a1"),
                            happens(Kind.START, "b1"),
                            happens(Kind.START, "c1"),
                            happens(Kind.TIME, "a1"))),
            new PlantedGuard<>(
                    "a fence is observed", () -> PlantedFault.withoutRecords("{\"t\":\"fenced\""), leftBehind()),
            new PlantedGuard<>(
                    "a voter without data does not start while its set has no primary",
                    () -> PlantedFault.changing("node-files.sh", line -> line.replace("\"lost\"", "\"there\"")),
                    on(
                            Layout.THREE,
                            happens(Kind.STALL, "b1"),
                            happens(Kind.WRITE, "a1"),
                            SimulatedEvent.of(Kind.WIPE, "a1", ONLY_DATA),
                            happens(Kind.KILL, "c1"),
                            happens(Kind.TIME, "b1"),
                            SimulatedEvent.command("apply"))),
            new PlantedGuard<>(
                    "a member with changes of its own is not added",
                    () -> replying("mongodb/oplog-newest.json", MongoFaults::empty),
                    forced("apply")),
            new PlantedGuard<>(
                    "a rejoin that rolls changes back needs consent",
                    PlantedFault::withoutConsent,
                    forced("rejoin social/rs/a1", "rejoin social/rs/b1")),
            new PlantedGuard<>(
                    "a member that cannot continue with its data is observed",
                    () -> PlantedFault.withoutRecords("{\"t\":\"broken\""),
                    forced("rejoin social/rs/b1 --accept-data-loss", "rejoin social/rs/a1 --accept-data-loss")),
            new PlantedGuard<>(
                    "data that cannot be used is set aside",
                    () -> PlantedFault.withoutStages("rejoin/data"),
                    forced("rejoin social/rs/b1 --accept-data-loss")),
            new PlantedGuard<>(
                    "apply reports fenced members",
                    () -> PlantedFault.withoutStages("apply/open differences"),
                    leftBehind()),
            new PlantedGuard<>(
                    "members that a failover left behind start when all others have lost their data",
                    () -> PlantedFault.withoutStages("failover/fenced members"),
                    on(
                            Layout.THREE,
                            happens(Kind.KILL, "b1"),
                            happens(Kind.KILL, "c1"),
                            happens(Kind.TIME, "a1"),
                            SimulatedEvent.command(LOSSY),
                            SimulatedEvent.of(Kind.WIPE, "a1", ONLY_DATA))),
            new PlantedGuard<>(
                    "a failover forces the configuration",
                    () -> PlantedFault.withoutStages("failover/force"),
                    leftBehind()),
            new PlantedGuard<>(
                    "a rejoin starts the member", () -> PlantedFault.withoutStages("rejoin/start"), leftBehind()),
            new PlantedGuard<>(
                    "apply adds members that are left out",
                    () -> PlantedFault.withoutStages("apply/replica sets"),
                    on(Layout.THREE, happens(Kind.REMOVE, "b1"))),
            new PlantedGuard<>(
                    "a member that knows a later term than the primary does not rejoin with its data",
                    () -> PlantedFault.changing(
                            "member-records.sh",
                            line -> line.startsWith("{\"t\":\"term\"")
                                    ? line.replaceAll("\"number\":\"[0-9]+\"", "\"number\":\"1\"")
                                    : line),
                    partedWhileOthersElect()),
            new PlantedGuard<>(
                    "a switchover elects the candidate",
                    () -> PlantedFault.withoutStages("switchover/handover"),
                    on(
                            Layout.THREE,
                            happens(Kind.STEP_DOWN, "a1"),
                            SimulatedEvent.command("switchover social/rs --to b1"))),
            new PlantedGuard<>(
                    "apply starts members that have ended",
                    () -> PlantedFault.withoutStages("apply/servers"),
                    on(Layout.THREE, happens(Kind.KILL, "b1"))));

    private MongoFaults() {}

    private static SimulatedEvent happens(Kind kind, String member) {
        return SimulatedEvent.of(kind, member);
    }

    private static MongoSequence on(Layout layout, SimulatedEvent... events) {
        return MongoSequence.found(layout, events);
    }

    /** A majority is lost while the survivor lacks writes that it has acknowledged. */
    private static MongoSequence behind(String command) {
        return on(
                Layout.THREE,
                happens(Kind.STALL, "c1"),
                happens(Kind.WRITE, "a1"),
                happens(Kind.KILL, "a1"),
                happens(Kind.KILL, "b1"),
                SimulatedEvent.command(command));
    }

    /** A forced failover has left two members behind. */
    private static MongoSequence leftBehind() {
        return on(
                Layout.THREE,
                happens(Kind.KILL, "b1"),
                happens(Kind.KILL, "c1"),
                happens(Kind.TIME, "a1"),
                SimulatedEvent.command(LOSSY));
    }

    /** The survivor of a failover was cut off while the others elected twice. */
    static MongoSequence partedWhileOthersElect() {
        return on(
                Layout.THREE,
                happens(Kind.PART, "a1"),
                happens(Kind.PART, "c1"),
                happens(Kind.TIME, "a1"),
                happens(Kind.WRITE, "b1"),
                happens(Kind.STEP_DOWN, "b1"),
                happens(Kind.TIME, "a1"),
                happens(Kind.WRITE, "c1"),
                happens(Kind.KILL, "b1"),
                happens(Kind.KILL, "c1"),
                SimulatedEvent.command(FAILOVER),
                SimulatedEvent.command(LOSSY),
                happens(Kind.WRITE, "a1"));
    }

    /** A person has forced a configuration with a member that lacks acknowledged writes. */
    private static MongoSequence forced(String... commands) {
        List<SimulatedEvent> events = new ArrayList<>(List.of(
                happens(Kind.STALL, "c1"),
                happens(Kind.WRITE, "a1"),
                SimulatedEvent.of(Kind.FORCE, "c1", ALONE),
                happens(Kind.CATCH_UP, "c1")));
        Arrays.stream(commands).map(SimulatedEvent::command).forEach(events::add);
        return on(Layout.THREE, events.toArray(SimulatedEvent[]::new));
    }

    private static boolean isOf(Action action, String file) {
        return action.script().file().equals(file);
    }

    private static PlantedFault<SimulatedSet> replying(String file, UnaryOperator<MongoDocument> change) {
        return PlantedFault.observing((action, result) -> isOf(action, file) && result.isOk()
                ? ActionResult.ok(
                        List.of(change.apply(MongoDocument.of(result.row())).fields()))
                : result);
    }

    private static MongoDocument withoutHeartbeats(MongoDocument status) {
        Map<String, Object> changed = new LinkedHashMap<>(status.fields());
        changed.put(
                "members",
                status.docs("members").stream()
                        .filter(m -> m.is("self"))
                        .map(MongoDocument::fields)
                        .toList());
        return new MongoDocument(changed);
    }

    private static MongoDocument empty(MongoDocument reply) {
        return MongoDocument.of(Map.of("cursor", Map.of("firstBatch", List.of())));
    }
}
