package dev.holdfast.drill;

import dev.holdfast.drill.fault.Victim;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.world.Answer;
import dev.holdfast.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a run has broken and not yet mended. */
final class Damage {

    private record Broken(Strike strike, Victim victim) {}

    private final World world;
    private final Ledger ledger;
    private final Breaks breaks;
    private final List<Broken> standing = new ArrayList<>();
    private final List<Victim> struck = new ArrayList<>();
    private final Timetable timetable = new Timetable();
    private boolean leftToFailover;
    private boolean told;

    Damage(World world, Ledger ledger, Breaks breaks) {
        this.world = world;
        this.ledger = ledger;
        this.breaks = breaks;
    }

    /** What is going to be broken. */
    void plan(List<Strike> strikes) {
        timetable.plan(strikes);
    }

    /** Breaks side by side; each is on record here before it is set. */
    List<Answer> set(Strike strike, List<Victim> victims) {
        timetable.begun(strike, world.now());
        synchronized (this) {
            struck.addAll(victims);
            victims.forEach(v -> standing.add(new Broken(strike, v)));
        }
        return world.sideBySide(victims.stream()
                .<java.util.function.Supplier<Answer>>map(v -> () -> breaks.set(strike.fault(), v))
                .toList());
    }

    /** Nothing more will be broken. */
    void complete() {
        timetable.close();
    }

    boolean tookEffect(Strike strike, List<Victim> victims) {
        boolean all = victims.stream().allMatch(v -> breaks.tookEffect(strike.fault(), v));
        timetable.inEffect(strike, world.now());
        return all;
    }

    /** Everybody who was ever struck in this run. */
    synchronized List<Victim> struck() {
        return List.copyOf(struck);
    }

    private synchronized List<Victim> hurt() {
        return standing.stream().map(Broken::victim).toList();
    }

    /** Tells the hosts where something is broken that the CLI is alive. */
    void renew() {
        breaks.renew(hurt());
    }

    /** Takes the mends of servers off the record that are about to be fenced: their mends would start them again. */
    void forget(Predicate<Victim> whom) {
        List<Broken> off;
        synchronized (this) {
            off = standing.stream()
                    .filter(b -> !b.strike.fault().isOfHost() && whom.test(b.victim))
                    .toList();
            standing.removeAll(off);
            leftToFailover |= !off.isEmpty();
        }
        off.forEach(b -> breaks.forget(b.strike.fault(), b.victim));
    }

    /** Mends what has lasted as long as it should; true when that was the last that was broken. */
    boolean mendDue() {
        Instant now = world.now();
        mend(b -> timetable.isDue(b.strike, now));
        return isOver(false);
    }

    /** Says every mend that is left; true when something was broken until now. */
    boolean mendAll() {
        mend(b -> true);
        return isOver(true);
    }

    /** True once. */
    private synchronized boolean isOver(boolean all) {
        boolean over =
                !told && !struck.isEmpty() && standing.isEmpty() && (all || timetable.isClosed() && !leftToFailover);
        told |= over;
        return over;
    }

    private void mend(Predicate<Broken> which) {
        List<Broken> due;
        synchronized (this) {
            due = standing.stream().filter(which).toList();
            standing.removeAll(due);
        }
        for (Broken one : due) {
            Answer answer = breaks.mend(one.strike.fault(), one.victim);
            ledger.note(
                    Kind.MENDED,
                    Map.of("lane", one.victim.name(), "step", one.strike.fault().name(), "answer", answer.sentence()));
        }
    }
}
