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

/** The faults that a run has injected and not yet reverted. */
public final class ActiveFaults {

    private record Broken(FaultInjection injection, AffectedNode affected) {}

    private final ExecutionContext context;
    private final Ledger ledger;
    private final HostFaults breaks;
    private final List<Broken> standing = new ArrayList<>();
    private final List<AffectedNode> affected = new ArrayList<>();
    private final FaultSchedule timetable = new FaultSchedule();
    private boolean leftToFailover;
    private boolean isReported;

    ActiveFaults(ExecutionContext context, Ledger ledger, HostFaults breaks) {
        this.context = context;
        this.ledger = ledger;
        this.breaks = breaks;
    }

    /** Returns the planned faults. */
    public void plan(List<FaultInjection> injections) {
        timetable.plan(injections);
    }

    /** Injects faults in parallel; each is recorded here before it is injected. */
    public List<ActionResult> set(FaultInjection injection, List<AffectedNode> affectedNodes) {
        timetable.begun(injection, context.now());
        synchronized (this) {
            affected.addAll(affectedNodes);
            affectedNodes.forEach(v -> standing.add(new Broken(injection, v)));
        }
        return context.sideBySide(affectedNodes.stream()
                .<java.util.function.Supplier<ActionResult>>map(v -> () -> breaks.inject(injection.fault(), v))
                .toList());
    }

    /** Ends the injection of further faults. */
    public void complete() {
        timetable.close();
    }

    public boolean tookEffect(FaultInjection injection, List<AffectedNode> affectedNodes) {
        boolean all = affectedNodes.stream().allMatch(v -> breaks.tookEffect(injection.fault(), v));
        timetable.inEffect(injection, context.now());
        return all;
    }

    /** Returns every node that was affected in this run. */
    public synchronized List<AffectedNode> affected() {
        return List.copyOf(affected);
    }

    private synchronized List<AffectedNode> standingTargets() {
        return standing.stream().map(Broken::affected).toList();
    }

    /** Sends a heartbeat to the hosts with active faults: the CLI is alive. */
    public void renew() {
        breaks.renew(standingTargets());
    }

    /** Removes the reverts of servers from the record before these are fenced: the reverts would start them again. */
    public void forget(Predicate<AffectedNode> filter) {
        List<Broken> off;
        synchronized (this) {
            off = standing.stream()
                    .filter(b -> !b.injection.fault().isOfHost() && filter.test(b.affected))
                    .toList();
            standing.removeAll(off);
            leftToFailover |= !off.isEmpty();
        }
        off.forEach(b -> breaks.forget(b.injection.fault(), b.affected));
    }

    /** Reverts the faults whose duration is over; true when that was the last active fault. */
    public boolean revertDue() {
        Instant now = context.now();
        revert(b -> timetable.isDue(b.injection, now));
        return isOver(false);
    }

    /** Executes every remaining revert; true when a fault was active until now. */
    public boolean revertAll() {
        revert(b -> true);
        return isOver(true);
    }

    /** Returns true once. */
    private synchronized boolean isOver(boolean all) {
        boolean over = !isReported
                && !affected.isEmpty()
                && standing.isEmpty()
                && (all || timetable.isClosed() && !leftToFailover);
        isReported |= over;
        return over;
    }

    private void revert(Predicate<Broken> which) {
        List<Broken> due;
        synchronized (this) {
            due = standing.stream().filter(which).toList();
            standing.removeAll(due);
        }
        for (Broken one : due) {
            ActionResult answer = breaks.revert(one.injection.fault(), one.affected);
            ledger.note(
                    Kind.MENDED,
                    Map.of(
                            "lane",
                            one.affected.name(),
                            "step",
                            one.injection.fault().name(),
                            "answer",
                            answer.sentence()));
        }
    }
}
