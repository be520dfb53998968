package dev.holdfast.cli.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Observes an estate again and again, and keeps the last observation. Scrapes read that one, so they are cheap, and a host that
 * does not answer delays only the next observation.
 */
final class ObservationLoop {

    private final String estate;
    private final Supplier<ObservedEstate> look;
    private final Consumer<String> log;
    private final AtomicReference<ObservedEstate> last = new AtomicReference<>();
    private final AtomicLong failures = new AtomicLong();

    /** @param log prints one line about a failed observation */
    ObservationLoop(String estate, Supplier<ObservedEstate> look, Consumer<String> log) {
        this.estate = estate;
        this.look = look;
        this.log = log;
    }

    /** Returns the metrics of the last complete observation with its present age; empty before the first. */
    Optional<MetricSnapshots> metrics() {
        return Optional.ofNullable(last.get()).map(o -> EstateMetrics.of(estate, o, Instant.now(), failures.get()));
    }

    /** Observes until the thread is interrupted. */
    void run(Duration interval) {
        while (!Thread.currentThread().isInterrupted()) {
            long begin = System.nanoTime();
            observe();
            long left = interval.toMillis() - (System.nanoTime() - begin) / 1_000_000;
            try {
                Thread.sleep(Math.max(1, left));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A failed observation changes nothing: the last one stays, and its age shows that it is old. */
    private void observe() {
        try {
            ObservedEstate observed = look.get();
            if (!Thread.currentThread().isInterrupted()) {
                last.set(observed);
            }
        } catch (RuntimeException failed) {
            if (!Thread.currentThread().isInterrupted()) {
                failures.incrementAndGet();
                log.accept("the observation failed: " + failed.getMessage());
            }
        }
    }
}
