package dev.holdfast.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * When what is broken for a while is mended. The order in which a drill was written is kept however slow the hosts are:
 *
 * <ol>
 *   <li>Never before it has lasted as long as it should.
 *   <li>Never before a break that was to come earlier than the mend is in effect, and then as long after it as was written.
 *   <li>A break that will not be made any more is not waited for.
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

    /** Nothing more will be broken. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether it is to be mended though the drill goes on. */
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
