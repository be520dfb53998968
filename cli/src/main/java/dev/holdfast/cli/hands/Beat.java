package dev.holdfast.cli.hands;

import dev.holdfast.world.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program on another host that is told every three seconds that the CLI lives, and says each word back. Without a word it
 * ends by itself, so that a cut line does not leave it there for ever; without an answer it counts as gone here, which is
 * sooner.
 */
final class Beat implements Held {

    private static final long BETWEEN_MILLIS = 3000;
    private static final long ANSWER_MILLIS = 8000;
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String OVER = "";

    private final Answer first;
    private final OutputStream to;
    private final Runnable end;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private volatile long proven = System.nanoTime();
    private volatile boolean gone;
    private long number;

    /** @param end what is done once it counts as gone */
    Beat(Answer first, InputStream from, OutputStream to, Runnable end) {
        this.first = first;
        this.to = to;
        this.end = end;
        daemon(() -> listen(from));
        daemon(this::beat);
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
                    said.add(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) c);
                }
            }
        } catch (IOException lost) {
            line.setLength(0);
        }
        said.add(OVER);
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
        long sent = System.nanoTime();
        String word = "beat " + ++number;
        try {
            to.write((word + "\n").getBytes(StandardCharsets.UTF_8));
            to.flush();
            if (word.equals(said.poll(ANSWER_MILLIS, TimeUnit.MILLISECONDS))) {
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
    public Answer first() {
        return first;
    }

    @Override
    public boolean isThere() {
        if (!gone && System.nanoTime() - proven > FRESH_NANOS) {
            prove();
        }
        return !gone;
    }
}
