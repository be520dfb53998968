package dev.holdfast.postgres.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Guards of the product, each with the fault that takes it away. */
final class PlantedFaults {

    static final Map<String, Supplier<PlantedFault>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("a loss needs consent", PlantedFault::withoutConsent);
        ALL.put(
                "a primary whose host does not answer is confirmed to be off",
                () -> PlantedFault.withoutRows("fenced-by-hand", "others-silent"));
        ALL.put("a primary that other servers reach is not fenced", () -> PlantedFault.withoutRows("primary-reached"));
        ALL.put("the old primary has stopped before another is promoted", PlantedFault.Unfenced::new);
        ALL.put(
                "ALTER SYSTEM invalidates the history of synchronous standbys",
                () -> PlantedFault.withoutMarks("override", "changed"));
        ALL.put(
                "commits beyond the candidate's WAL are counted",
                () -> PlantedFault.changing(
                        "wal-gap.sh", line -> line.replaceAll("\"commits\":\"[0-9]+\"", "\"commits\":\"0\"")));
        ALL.put("the position of the candidate is its own", () -> PlantedFault.answering(true, "lsn", "F/0"));
        ALL.put(
                "what only a member has is preserved before a rewind",
                () -> new PlantedFault.Idle("postgres/preserve-wal.sh", (action, server) -> {
                    server.marks.put(
                            "kept", action.script().values().get("name").toString());
                    server.marks.put("rows", "0\t0");
                }));
        ALL.put(
                "a rewind waits for the checkpoint of the new primary",
                () -> PlantedFault.answering(false, "control_timeline", "99"));
        ALL.put(
                "the history is updated",
                () -> PlantedFault.withoutStages("failover/record", "switchover/record", "apply/record and routes"));
        ALL.put(
                "commits wait for synchronous standbys again",
                () -> PlantedFault.withoutStages(
                        "apply/archiving and commits", "failover/commits", "switchover/commits"));
        ALL.put(
                "apply refuses when its preconditions do not hold",
                () -> PlantedFault.withoutStages("apply/preconditions"));
        ALL.put("stopped standbys are started before a loss", () -> PlantedFault.withoutStages("failover/start"));
        ALL.put("a failover fences", () -> PlantedFault.withoutStages("failover/fence"));
        ALL.put("a fence is observed", () -> PlantedFault.withoutMarks("fence"));
    }

    private PlantedFaults() {}
}
