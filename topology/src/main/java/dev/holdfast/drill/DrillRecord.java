package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.model.Cluster;
import dev.holdfast.plan.Workload;
import java.util.LinkedHashMap;
import java.util.Map;

/** The facts that the ledger must contain, so that a run can be judged and reported without the topology. */
public final class DrillRecord {

    private DrillRecord() {}

    /** @param now on the load generator's clock, so that the ledger's times can be converted to it */
    public static Map<String, Object> of(Drill drill, DrillContext drillContext, EstateState state, long now) {
        DrillScope scope = drillContext.scope();
        Scenario scenario = drill.scenario();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("drill", drill.name());
        facts.put("t_ns", now);
        facts.put("story", drill.description());
        facts.put("estate", scope.topology().name());
        facts.put("target", scope.name());
        DrillGroup first = scope.drillGroups().get(0);
        facts.put("cluster", scope.clusters().size() == 1 ? first.cluster().name() : "");
        facts.put("group", scope.drillGroups().size() == 1 ? first.group() : "");
        facts.put("engine", drill.target().word());
        facts.put("aim", scenario.target());
        facts.put("faults", scenario.sentences());
        facts.put("recovery", scenario.recoveredBy());
        facts.put("clock_from", scenario.clockFrom());
        facts.put("clock_until", scenario.clockUntil());
        facts.put("one_after_another", scenario.isOneAfterAnother());
        facts.put("deadline_ms", drillContext.workload().deadline().toMillis());
        facts.put("objectives", scope.clusters().size() == 1 ? objectives(first.cluster()) : Map.of());
        facts.put(
                "streams",
                drillContext.workload().streams().stream()
                        .map(s -> stream(s, scenario.clientImpact(scope, state, s), drillContext))
                        .toList());
        facts.put(
                "predicted",
                scenario.predicted(scope).stream().map(DrillRecord::term).toList());
        facts.put("claims", drill.claims());
        facts.put(
                "invariants",
                drill.circumstances().invariants().stream()
                        .map(Invariant::claim)
                        .toList());
        facts.put("untested", drill.untested());
        facts.put("nodes", ObservedTopology.nodes(state));
        facts.put("hosts", ObservedTopology.hosts(drillContext.context(), state));
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

    private static Map<String, Object> stream(
            Workload.Stream stream, Scenario.ClientImpact clientImpact, DrillContext drillContext) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", stream.name());
        facts.put("cluster", stream.cluster());
        facts.put("group", stream.group());
        facts.put("level", stream.endpoint().level());
        facts.put("promised", stream.promised());
        facts.put("affected", clientImpact == Scenario.ClientImpact.AFFECTED);
        facts.put("touched", clientImpact == Scenario.ClientImpact.TOUCHED);
        drillContext
                .scope()
                .topology()
                .cluster(stream.cluster())
                .ifPresent(c -> facts.put("objectives", objectives(c)));
        facts.put("per_second", stream.perSecond());
        facts.put("lanes", stream.lanes());
        facts.put("payload", drillContext.workload().payload());
        return facts;
    }
}
