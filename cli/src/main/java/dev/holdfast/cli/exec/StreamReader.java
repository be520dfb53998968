package dev.holdfast.cli.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Collects one output stream of a process in the background. */
final class StreamReader {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Void> over;

    StreamReader(InputStream stream, Executor readers) {
        over = CompletableFuture.runAsync(() -> listen(stream), readers);
    }

    private void listen(InputStream stream) {
        try (stream) {
            stream.transferTo(bytes);
        } catch (IOException closed) {
            // what was read until then is kept
            return;
        }
    }

    String soFar() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Returns all output, or after the time limit what was read until then. */
    String all(long patienceMillis) {
        over.completeOnTimeout(null, patienceMillis, TimeUnit.MILLISECONDS).join();
        return soFar();
    }
}
