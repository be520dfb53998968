package dev.holdfast.drill.scenario;

import dev.holdfast.drill.ArchiveProbe;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.fault.AffectedNode;
import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.ActionResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The third phase of a drill: resolves targets, injects each fault at its time, and observes until it is in effect. */
public final class FaultInjector {

    private final DrillContext drillContext;

    FaultInjector(DrillContext drillContext) {
        this.drillContext = drillContext;
    }

    void make(List<FaultInjection> injections) {
        drillContext.damage().plan(injections);
        Instant first = drillContext.context().now();
        FaultInjection marked = injections.stream()
                .filter(FaultInjector::stopsWrites)
                .findFirst()
                .orElse(injections.get(0));
        for (FaultInjection injection : injections.stream()
                .sorted(Comparator.comparing(FaultInjection::at))
                .toList()) {
            Duration left = Duration.between(drillContext.context().now(), first.plus(injection.at()));
            if (!left.isNegative() && !left.isZero()) {
                drillContext.wait(left);
            }
            if (!drillContext.isOver()) {
                make(injection, injection == marked ? "fault" : "further fault");
            }
        }
        drillContext.damage().complete();
    }

    /** The recovery time counts from this fault, whatever faults came before. */
    private static boolean stopsWrites(FaultInjection injection) {
        return injection.target().affectsPrimaries() && injection.fault().effect() != FaultEffect.DEGRADED;
    }

    private void make(FaultInjection injection, String mark) {
        List<AffectedNode> affectedNodes = injection.affectedNodes(drillContext.scope(), drillContext.look());
        String target =
                String.join(", ", affectedNodes.stream().map(AffectedNode::name).toList());
        long sent = drillContext.loadGenerator().now();
        List<ActionResult> answers = drillContext.damage().set(injection, affectedNodes);
        answers.stream()
                .filter(a -> !a.isOk())
                .forEach(a -> drillContext.note("the fault script reported: " + a.sentence()));
        drillContext.markAt(mark, moment(answers, sent), injection.fault().name() + " " + target);
        if (injection.fault().isOfArchive()) {
            ArchiveProbe.newSegment(drillContext);
        }
        boolean all = !affectedNodes.isEmpty() && drillContext.damage().tookEffect(injection, affectedNodes);
        drillContext.mark(all ? "in effect" : "no effect", injection.fault().name() + " of " + target);
    }

    /** Returns the first time that a host reported, on the load generator's clock, within the span of the injection. */
    private long moment(List<ActionResult> answers, long sent) {
        return answers.stream()
                .flatMap(a -> a.text().lines())
                .filter(l -> l.startsWith("injected "))
                .map(l -> new BigDecimal(l.substring("injected ".length())))
                .map(s -> Instant.ofEpochSecond(
                        s.longValue(),
                        s.remainder(BigDecimal.ONE).movePointRight(9).longValue()))
                .mapToLong(drillContext::onLoadClock)
                .map(at ->
                        Math.max(sent, Math.min(at, drillContext.loadGenerator().now())))
                .min()
                .orElse(sent);
    }
}
