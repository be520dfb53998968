package dev.holdfast.drill;

import dev.holdfast.drill.fault.Victim;
import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Answer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The third phase of a drill: look whom to strike, break, and look until it is in effect; each fault at its time. */
final class Strikes {

    private final Stage stage;

    Strikes(Stage stage) {
        this.stage = stage;
    }

    void make(List<Strike> strikes) {
        stage.damage().plan(strikes);
        Instant first = stage.world().now();
        Strike felt = strikes.stream().filter(Strikes::stopsWrites).findFirst().orElse(strikes.get(0));
        for (Strike strike :
                strikes.stream().sorted(Comparator.comparing(Strike::at)).toList()) {
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
    private static boolean stopsWrites(Strike strike) {
        return strike.whom().strikesPrimaries() && strike.fault().blow() != Blow.DEGRADED;
    }

    private void make(Strike strike, String mark) {
        List<Victim> victims = strike.victims(stage.scene(), stage.look());
        String whom = String.join(", ", victims.stream().map(Victim::name).toList());
        long sent = stage.witness().now();
        List<Answer> answers = stage.damage().set(strike, victims);
        answers.stream().filter(a -> !a.isOk()).forEach(a -> stage.note("the break said: " + a.sentence()));
        stage.markAt(mark, moment(answers, sent), strike.fault().name() + " " + whom);
        if (strike.fault().isOfArchive()) {
            Archive.newSegment(stage);
        }
        boolean all = !victims.isEmpty() && stage.damage().tookEffect(strike, victims);
        stage.mark(all ? "in effect" : "no effect", strike.fault().name() + " of " + whom);
    }

    /** The first moment that a host told, on the witness's clock; never before it was asked nor after now. */
    private long moment(List<Answer> answers, long sent) {
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
