package dev.holdfast.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The times at which faults with a duration are reverted. The order of the drill file is kept, however slow the hosts are:
 *
 * <ol>
 *   <li>Never before the fault's duration is over.
 *   <li>Never before an earlier fault is in effect, and then with the declared distance to it.
 *   <li>A fault that will not be injected any more causes no wait.
 * </ol>
 */
final class FaultSchedule {

    private final Map<FaultInjection, Instant> begun = new IdentityHashMap<>();
    private final Map<FaultInjection, Instant> inEffect = new IdentityHashMap<>();
    private List<FaultInjection> planned = List.of();
    private boolean closed;

    synchronized void plan(List<FaultInjection> injections) {
        planned = List.copyOf(injections);
    }

    synchronized void begun(FaultInjection injection, Instant at) {
        begun.put(injection, at);
    }

    synchronized void inEffect(FaultInjection injection, Instant at) {
        inEffect.put(injection, at);
    }

    /** Ends the injection of further faults. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether the fault is to be reverted while the drill continues. */
    synchronized boolean isDue(FaultInjection injection, Instant now) {
        if (injection.lasts().isEmpty() || !begun.containsKey(injection)) {
            return false;
        }
        Duration end = injection.at().plus(injection.lasts().get());
        return !now.isBefore(begun.get(injection).plus(injection.lasts().get()))
                && planned.stream()
                        .filter(other -> other.at().compareTo(injection.at()) > 0
                                && other.at().compareTo(end) < 0)
                        .allMatch(other -> isPast(other, now.minus(end.minus(other.at()))));
    }

    private boolean isPast(FaultInjection other, Instant moment) {
        return inEffect.containsKey(other) ? !moment.isBefore(inEffect.get(other)) : closed;
    }
}
