package dev.holdfast.cli.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What is to come to an end of its own when a signal ends the process. */
final class SignalHandler {

    private SignalHandler() {}

    /**
     * Does work that a signal asks to stop; the process then waits until it has, and ends with the signal's exit code.
     *
     * @param stop asks the work to stop; it is said on another thread, and returns at once
     * @param patience how long the process waits for the work's end
     */
    static <T> T during(Runnable stop, Duration patience, Supplier<T> work) {
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
                // the signal has come: the hook is at work, and ends with the process
            }
        }
    }
}
