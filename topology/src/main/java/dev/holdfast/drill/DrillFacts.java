package dev.holdfast.drill;

import dev.holdfast.drill.Drill.Recovery;
import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.engine.Rehearsal.Part;
import dev.holdfast.engine.Rehearsal.Term;
import dev.holdfast.plan.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the ledger must hold of a drill, so that its run can be judged and told without the topology. */
public final class DrillFacts {

    private DrillFacts() {}

    /** @param now on the witness's clock, so that the ledger's times can be told on it */
    static Map<String, Object> of(Drill drill, Scene scene, Workload workload, long now) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("drill", drill.name());
        facts.put("t_ns", now);
        facts.put("story", drill.story());
        facts.put("estate", scene.topology().name());
        facts.put("target", scene.name());
        facts.put("cluster", scene.cluster().name());
        facts.put("group", scene.group());
        facts.put("engine", scene.cluster().engine());
        facts.put("aim", drill.aim().sentence());
        facts.put(
                "faults",
                drill.fault().stream().map(f -> f.name() + ": " + f.story()).toList());
        facts.put("recovery", drill.recovery().name());
        facts.put("clock_from", drill.recovery() == Recovery.BY_MEND ? "mended" : "break");
        facts.put("clock_until", drill.recovery() == Recovery.BY_MEND ? "stopped" : "heal");
        facts.put("deadline_ms", workload.deadline().toMillis());
        Map<String, Object> objectives = new LinkedHashMap<>();
        scene.cluster().objectives().rpo().ifPresent(d -> objectives.put("rpo_ms", d.toMillis()));
        scene.cluster().objectives().rto().ifPresent(d -> objectives.put("rto_ms", d.toMillis()));
        facts.put("objectives", objectives);
        facts.put(
                "streams",
                workload.streams().stream()
                        .map(s -> stream(s, drill, scene, workload))
                        .toList());
        facts.put(
                "predicted",
                predicted(drill, scene).stream().map(DrillFacts::term).toList());
        facts.put("claims", drill.claims());
        facts.put("untested", drill.untested());
        return facts;
    }

    /** What is expected of the recovery time, term by term. */
    public static List<Term> predicted(Drill drill, Scene scene) {
        Blow blow = drill.fault().isEmpty()
                ? Blow.HANDED_OVER
                : drill.fault().get(0).blow();
        boolean byMend = drill.recovery() == Recovery.BY_MEND;
        return drill.part() == Part.DATA
                ? scene.rehearsal().forecast(scene.group(), byMend ? Blow.STARTED_AGAIN : blow)
                : List.of();
    }

    private static Map<String, Object> term(Term term) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("term", term.name());
        facts.put("least_ms", term.least().toMillis());
        facts.put("most_ms", term.most().toMillis());
        facts.put("because", term.because());
        return facts;
    }

    private static Map<String, Object> stream(Workload.Stream stream, Drill drill, Scene scene, Workload workload) {
        boolean struck = stream.cluster().equals(scene.cluster().name())
                && (drill.part() != Part.DATA || stream.group().equals(scene.group()));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", stream.name());
        facts.put("cluster", stream.cluster());
        facts.put("group", stream.group());
        facts.put("level", stream.entrance().level());
        facts.put("promised", stream.promised());
        facts.put("struck", struck);
        facts.put("per_second", stream.perSecond());
        facts.put("lanes", stream.lanes());
        facts.put("payload", workload.payload());
        return facts;
    }
}
