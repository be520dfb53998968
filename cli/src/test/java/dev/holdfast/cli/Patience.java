package dev.holdfast.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what must come true, and lets time pass where a test needs that. */
public final class Patience {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration BETWEEN = Duration.ofMillis(20);

    /** A look at what is waited for. */
    @FunctionalInterface
    public interface Look<E extends Exception> {
        boolean holds() throws E;
    }

    private Patience() {}

    /** @param what must come true, as a sentence that a failure tells */
    public static <E extends Exception> void until(String what, Look<E> look) throws E {
        until(what, LIMIT, look);
    }

    public static <E extends Exception> void until(String what, Duration limit, Look<E> look) throws E {
        until(() -> what, limit, BETWEEN, look);
    }

    /**
     * @param what asked for only when it did not come true, so that it may tell what was seen last
     * @param between two looks: more where a look is work for the machine
     */
    public static <E extends Exception> void until(
            Supplier<String> what, Duration limit, Duration between, Look<E> look) throws E {
        long end = System.nanoTime() + limit.toNanos();
        while (!look.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come true within " + limit.toSeconds() + " s: " + what.get());
            }
            pause(between.toMillis());
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
