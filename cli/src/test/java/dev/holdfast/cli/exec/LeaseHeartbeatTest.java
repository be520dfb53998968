package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ActionResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a lock on another host is worth after this machine was suspended or its clock was set. */
@Tag("unit")
class LeaseHeartbeatTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final AtomicLong wallMillis = new AtomicLong(1_000_000);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final PipedOutputStream toHost = new PipedOutputStream();
    private final PipedOutputStream fromHost = new PipedOutputStream();
    private final PipedInputStream host;
    private final PipedInputStream here;

    LeaseHeartbeatTest() throws IOException {
        host = new PipedInputStream(toHost);
        here = new PipedInputStream(fromHost);
    }

    private LeaseHeartbeat beat() {
        return new LeaseHeartbeat(
                ActionResult.ok("locked"), here, toHost, () -> ended.set(true), nanos::get, wallMillis::get);
    }

    private void answering() {
        Thread thread = new Thread(() -> {
            BufferedReader lines = new BufferedReader(new InputStreamReader(host, StandardCharsets.UTF_8));
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    fromHost.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    fromHost.flush();
                }
            } catch (IOException closed) {
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void after_a_suspend_the_lock_counts_only_once_the_host_has_answered_again() throws IOException {
        LeaseHeartbeat beat = beat();
        assertThat(beat.isThere()).isTrue();
        fromHost.close(); // the program on the host ended while this machine was suspended
        wallMillis.addAndGet(60_000); // the monotonic clock did not go on
        assertThat(beat.isThere()).isFalse();
        assertThat(ended).isTrue();
    }

    @Test
    void a_clock_that_was_set_back_does_not_make_an_old_answer_new() throws IOException {
        LeaseHeartbeat beat = beat();
        fromHost.close();
        wallMillis.addAndGet(-3_600_000);
        nanos.addAndGet(60_000_000_000L);
        assertThat(beat.isThere()).isFalse();
    }

    @Test
    void a_host_that_answers_keeps_the_lock_whatever_the_clocks_say() {
        answering();
        LeaseHeartbeat beat = beat();
        wallMillis.addAndGet(60_000);
        nanos.addAndGet(60_000_000_000L);
        assertThat(beat.isThere()).isTrue();
        assertThat(ended).isFalse();
    }
}
