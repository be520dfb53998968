package dev.holdfast.cli.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What a program says on one stream, kept as it comes. */
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
            // what was heard until then stands
            return;
        }
    }

    String soFar() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Everything, or after that long what was heard until then. */
    String all(long patienceMillis) {
        over.completeOnTimeout(null, patienceMillis, TimeUnit.MILLISECONDS).join();
        return soFar();
    }
}
