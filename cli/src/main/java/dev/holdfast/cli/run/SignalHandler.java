package dev.holdfast.cli.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs work that a signal stops, and lets it end before the process ends. */
public final class SignalHandler {

    private SignalHandler() {}

    /**
     * Does work that a signal stops. The process waits until the work has ended, and ends with the signal's exit code.
     *
     * @param stop requests the stop; called on another thread, returns at once
     * @param patience how long the process waits for the end of the work
     */
    public static <T> T during(Runnable stop, Duration patience, Supplier<T> work) {
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            stop.run();
            try {
                over.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException impatient) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            over.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // a signal has arrived: the hook runs, and ends with the process
            }
        }
    }
}
