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

    synchronized void plan(List<FaultInjection> strikes) {
        planned = List.copyOf(strikes);
    }

    synchronized void begun(FaultInjection strike, Instant at) {
        begun.put(strike, at);
    }

    synchronized void inEffect(FaultInjection strike, Instant at) {
        inEffect.put(strike, at);
    }

    /** Nothing more will be broken. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether it is to be mended though the drill goes on. */
    synchronized boolean isDue(FaultInjection strike, Instant now) {
        if (strike.lasts().isEmpty() || !begun.containsKey(strike)) {
            return false;
        }
        Duration end = strike.at().plus(strike.lasts().get());
        return !now.isBefore(begun.get(strike).plus(strike.lasts().get()))
                && planned.stream()
                        .filter(other -> other.at().compareTo(strike.at()) > 0
                                && other.at().compareTo(end) < 0)
                        .allMatch(other -> isPast(other, now.minus(end.minus(other.at()))));
    }

    private boolean isPast(FaultInjection other, Instant moment) {
        return inEffect.containsKey(other) ? !moment.isBefore(inEffect.get(other)) : closed;
    }
}
