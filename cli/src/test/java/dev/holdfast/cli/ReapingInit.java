package dev.holdfast.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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
        boolean isReaped = false;
        for (int attempt = 0; attempt < 150 && !isReaped; attempt++) {
            Thread.sleep(100);
            isReaped = !Files.exists(Path.of("/proc", orphan));
        }
        assumeTrue(isReaped, "this needs a first process that reaps ended processes, as docker run --init gives");
    }
}
