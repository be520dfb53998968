package dev.holdfast.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for a state with Awaitility, with limits for a busy machine, and lets time pass where a test needs that. */
public final class Patience {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration BETWEEN = Duration.ofMillis(20);

    /** One observation of a state that is waited for. */
    @FunctionalInterface
    public interface Look<E extends Exception> {
        boolean holds() throws E;
    }

    private Patience() {}

    /** @param what the state, as a sentence for the message of a failure */
    public static <E extends Exception> void until(String what, Look<E> look) throws E {
        until(what, LIMIT, look);
    }

    public static <E extends Exception> void until(String what, Duration limit, Look<E> look) throws E {
        until(() -> what, limit, BETWEEN, look);
    }

    /**
     * @param what asked for only after a failure, so that it can contain what was observed last
     * @param between time between two observations: more where an observation is work for the machine
     */
    public static <E extends Exception> void until(
            Supplier<String> what, Duration limit, Duration between, Look<E> look) throws E {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(between)
                    .atMost(limit)
                    .until(look::holds);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("not reached within " + limit.toSeconds() + " s: " + what.get(), late);
        }
    }

    public static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waited", interrupted);
        }
    }
}
