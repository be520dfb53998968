package dev.holdfast.drill;

import dev.holdfast.drill.fault.AffectedNode;
import dev.holdfast.drill.fault.HostFaults;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a run has broken and not yet mended. */
public final class ActiveFaults {

    private record Broken(FaultInjection strike, AffectedNode victim) {}

    private final ExecutionContext world;
    private final Ledger ledger;
    private final HostFaults breaks;
    private final List<Broken> standing = new ArrayList<>();
    private final List<AffectedNode> struck = new ArrayList<>();
    private final FaultSchedule timetable = new FaultSchedule();
    private boolean leftToFailover;
    private boolean told;

    ActiveFaults(ExecutionContext world, Ledger ledger, HostFaults breaks) {
        this.world = world;
        this.ledger = ledger;
        this.breaks = breaks;
    }

    /** What is going to be broken. */
    public void plan(List<FaultInjection> strikes) {
        timetable.plan(strikes);
    }

    /** Breaks side by side; each is on record here before it is set. */
    public List<ActionResult> set(FaultInjection strike, List<AffectedNode> victims) {
        timetable.begun(strike, world.now());
        synchronized (this) {
            struck.addAll(victims);
            victims.forEach(v -> standing.add(new Broken(strike, v)));
        }
        return world.sideBySide(victims.stream()
                .<java.util.function.Supplier<ActionResult>>map(v -> () -> breaks.set(strike.fault(), v))
                .toList());
    }

    /** Nothing more will be broken. */
    public void complete() {
        timetable.close();
    }

    public boolean tookEffect(FaultInjection strike, List<AffectedNode> victims) {
        boolean all = victims.stream().allMatch(v -> breaks.tookEffect(strike.fault(), v));
        timetable.inEffect(strike, world.now());
        return all;
    }

    /** Everybody who was ever struck in this run. */
    public synchronized List<AffectedNode> struck() {
        return List.copyOf(struck);
    }

    private synchronized List<AffectedNode> hurt() {
        return standing.stream().map(Broken::victim).toList();
    }

    /** Tells the hosts where something is broken that the CLI is alive. */
    public void renew() {
        breaks.renew(hurt());
    }

    /** Takes the mends of servers off the record that are about to be fenced: their mends would start them again. */
    public void forget(Predicate<AffectedNode> whom) {
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
    public boolean mendDue() {
        Instant now = world.now();
        mend(b -> timetable.isDue(b.strike, now));
        return isOver(false);
    }

    /** Says every mend that is left; true when something was broken until now. */
    public boolean mendAll() {
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
            ActionResult answer = breaks.mend(one.strike.fault(), one.victim);
            ledger.note(
                    Kind.MENDED,
                    Map.of("lane", one.victim.name(), "step", one.strike.fault().name(), "answer", answer.sentence()));
        }
    }
}
