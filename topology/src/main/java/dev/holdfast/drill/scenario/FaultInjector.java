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

/** The third phase of a drill: look whom to strike, break, and look until it is in effect; each fault at its time. */
public final class FaultInjector {

    private final DrillContext stage;

    FaultInjector(DrillContext stage) {
        this.stage = stage;
    }

    void make(List<FaultInjection> strikes) {
        stage.damage().plan(strikes);
        Instant first = stage.world().now();
        FaultInjection felt =
                strikes.stream().filter(FaultInjector::stopsWrites).findFirst().orElse(strikes.get(0));
        for (FaultInjection strike : strikes.stream()
                .sorted(Comparator.comparing(FaultInjection::at))
                .toList()) {
            Duration left = Duration.between(stage.world().now(), first.plus(strike.at()));
            if (!left.isNegative() && !left.isZero()) {
                stage.wait(left);
            }
            if (!stage.isOver()) {
                make(strike, strike == felt ? "break" : "also broken");
            }
        }
        stage.damage().complete();
    }

    /** The recovery time is counted from this one, whatever else is broken before. */
    private static boolean stopsWrites(FaultInjection strike) {
        return strike.whom().strikesPrimaries() && strike.fault().blow() != FaultEffect.DEGRADED;
    }

    private void make(FaultInjection strike, String mark) {
        List<AffectedNode> victims = strike.victims(stage.scene(), stage.look());
        String whom = String.join(", ", victims.stream().map(AffectedNode::name).toList());
        long sent = stage.witness().now();
        List<ActionResult> answers = stage.damage().set(strike, victims);
        answers.stream().filter(a -> !a.isOk()).forEach(a -> stage.note("the break said: " + a.sentence()));
        stage.markAt(mark, moment(answers, sent), strike.fault().name() + " " + whom);
        if (strike.fault().isOfArchive()) {
            ArchiveProbe.newSegment(stage);
        }
        boolean all = !victims.isEmpty() && stage.damage().tookEffect(strike, victims);
        stage.mark(all ? "in effect" : "no effect", strike.fault().name() + " of " + whom);
    }

    /** The first moment that a host told, on the witness's clock; never before it was asked nor after now. */
    private long moment(List<ActionResult> answers, long sent) {
        return answers.stream()
                .flatMap(a -> a.text().lines())
                .filter(l -> l.startsWith("struck "))
                .map(l -> new BigDecimal(l.substring("struck ".length())))
                .map(s -> Instant.ofEpochSecond(
                        s.longValue(),
                        s.remainder(BigDecimal.ONE).movePointRight(9).longValue()))
                .mapToLong(stage::onWitnessClock)
                .map(at -> Math.max(sent, Math.min(at, stage.witness().now())))
                .min()
                .orElse(sent);
    }
}
