package dev.holdfast.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A first process that reaps ended processes, as every init does. In a container without one, an ended server that Patroni has
 * detached remains as a zombie, and Patroni waits for its end.
 */
public final class ReapingInit {

    private ReapingInit() {}

    /** Skips the test that runs where ended processes remain. */
    public static void assumed() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.2 >/dev/null & echo $!").start();
        String orphan = new String(parent.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        parent.waitFor();
        // a zombie counts as alive
        boolean isReaped = ProcessHandle.of(Long.parseLong(orphan))
                .map(o -> o.onExit()
                        .thenApply(ended -> true)
                        .completeOnTimeout(false, 30, TimeUnit.SECONDS)
                        .join())
                .orElse(true);
        assumeTrue(isReaped, "this needs a first process that reaps ended processes, as docker run --init gives");
    }
}
