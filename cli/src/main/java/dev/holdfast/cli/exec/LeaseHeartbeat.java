package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The heartbeat of a program on another host, which gets a line every three seconds and sends each line back. Without a line
 * it ends by itself, so a cut connection does not leave it running. Without an answer it counts as ended here, which is sooner.
 *
 * <p>Two clocks measure the age of the last answer, and the longer age counts. The monotonic clock stops while this machine
 * is suspended, and the wall clock can be set back; the program on the host has ended in both cases.
 */
final class LeaseHeartbeat implements HeldScript {

    private static final long BETWEEN_MILLIS = 3000;
    private static final long ANSWER_MILLIS = 8000;
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String OVER = "";

    private final ActionResult first;
    private final OutputStream to;
    private final Runnable end;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final LongSupplier nanos;
    private final LongSupplier wallMillis;
    private volatile Proof proven;
    private volatile boolean gone;
    private long number;

    /** @param end what to do once the program counts as ended */
    LeaseHeartbeat(ActionResult first, InputStream from, OutputStream to, Runnable end) {
        this(first, from, to, end, System::nanoTime, System::currentTimeMillis);
    }

    LeaseHeartbeat(
            ActionResult first,
            InputStream from,
            OutputStream to,
            Runnable end,
            LongSupplier nanos,
            LongSupplier wallMillis) {
        this.first = first;
        this.to = to;
        this.end = end;
        this.nanos = nanos;
        this.wallMillis = wallMillis;
        this.proven = proof();
        daemon(() -> listen(from));
        daemon(this::beat);
    }

    /** The time of an answer by both clocks. */
    private record Proof(long nanos, long wallMillis) {}

    private Proof proof() {
        return new Proof(nanos.getAsLong(), wallMillis.getAsLong());
    }

    private boolean isFresh() {
        long age = Math.max(
                nanos.getAsLong() - proven.nanos(),
                TimeUnit.MILLISECONDS.toNanos(wallMillis.getAsLong() - proven.wallMillis()));
        return age <= FRESH_NANOS;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "holdfast-beat");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen(InputStream from) {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = from.read(); c >= 0; c = from.read()) {
                if (c == '\n') {
                    answers.add(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) c);
                }
            }
        } catch (IOException lost) {
            line.setLength(0);
        }
        answers.add(OVER);
    }

    private void beat() {
        try {
            while (!gone) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
                prove();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a word and waits until it comes back; the proof is as old as the sending. */
    private synchronized void prove() {
        if (gone) {
            return;
        }
        Proof sent = proof();
        String word = "beat " + ++number;
        try {
            to.write((word + "\n").getBytes(StandardCharsets.UTF_8));
            to.flush();
            if (word.equals(answers.poll(ANSWER_MILLIS, TimeUnit.MILLISECONDS))) {
                proven = sent;
                return;
            }
        } catch (IOException | IllegalStateException lost) {
            gone = true;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        gone = true;
        end.run();
    }

    @Override
    public ActionResult first() {
        return first;
    }

    @Override
    public boolean isThere() {
        if (!gone && !isFresh()) {
            prove();
        }
        return !gone;
    }
}
