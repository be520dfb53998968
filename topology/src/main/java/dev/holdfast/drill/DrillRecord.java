package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.model.Cluster;
import dev.holdfast.plan.Workload;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the ledger must hold of a drill, so that its run can be judged and told without the topology. */
public final class DrillRecord {

    private DrillRecord() {}

    /** @param now on the witness's clock, so that the ledger's times can be told on it */
    public static Map<String, Object> of(DrillContext stage, EstateState seen, long now) {
        Drill drill = stage.drill();
        DrillScope scene = stage.scene();
        Scenario course = drill.course();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("drill", drill.name());
        facts.put("t_ns", now);
        facts.put("story", drill.story());
        facts.put("estate", scene.topology().name());
        facts.put("target", scene.name());
        DrillGroup first = scene.sites().get(0);
        facts.put("cluster", scene.clusters().size() == 1 ? first.cluster().name() : "");
        facts.put("group", scene.sites().size() == 1 ? first.group() : "");
        facts.put("engine", drill.target().word());
        facts.put("aim", course.whom());
        facts.put("faults", course.sentences());
        facts.put("recovery", course.byWhom());
        facts.put("clock_from", course.clockFrom());
        facts.put("clock_until", course.clockUntil());
        facts.put("broken_in_turn", course.isBrokenInTurn());
        facts.put("deadline_ms", stage.workload().deadline().toMillis());
        facts.put("objectives", scene.clusters().size() == 1 ? objectives(first.cluster()) : Map.of());
        facts.put(
                "streams",
                stage.workload().streams().stream()
                        .map(s -> stream(s, course.felt(scene, seen, s), stage))
                        .toList());
        facts.put(
                "predicted",
                course.predicted(scene).stream().map(DrillRecord::term).toList());
        facts.put("claims", drill.claims());
        facts.put(
                "invariants",
                drill.circumstances().invariants().stream()
                        .map(Invariant::claim)
                        .toList());
        facts.put("untested", drill.untested());
        return facts;
    }

    private static Map<String, Object> objectives(Cluster cluster) {
        Map<String, Object> objectives = new LinkedHashMap<>();
        cluster.objectives().rpo().ifPresent(d -> objectives.put("rpo_ms", d.toMillis()));
        cluster.objectives().rto().ifPresent(d -> objectives.put("rto_ms", d.toMillis()));
        return objectives;
    }

    private static Map<String, Object> term(RecoveryTerm term) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("term", term.name());
        facts.put("least_ms", term.least().toMillis());
        facts.put("most_ms", term.most().toMillis());
        facts.put("because", term.because());
        return facts;
    }

    private static Map<String, Object> stream(Workload.Stream stream, Scenario.ClientImpact felt, DrillContext stage) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", stream.name());
        facts.put("cluster", stream.cluster());
        facts.put("group", stream.group());
        facts.put("level", stream.entrance().level());
        facts.put("promised", stream.promised());
        facts.put("struck", felt == Scenario.ClientImpact.STRUCK);
        facts.put("touched", felt == Scenario.ClientImpact.TOUCHED);
        stage.scene().topology().cluster(stream.cluster()).ifPresent(c -> facts.put("objectives", objectives(c)));
        facts.put("per_second", stream.perSecond());
        facts.put("lanes", stream.lanes());
        facts.put("payload", stage.workload().payload());
        return facts;
    }
}
