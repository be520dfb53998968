package dev.holdfast.cli.exec;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.execution.ActionResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A shell that a host can have as its {@code sh}. */
public enum PosixShell {
    DASH("dash"),
    BASH("bash", "--posix"),
    BUSYBOX("busybox", "sh");

    private final List<String> words;

    PosixShell(String... words) {
        this.words = List.of(words);
    }

    /** Skips the test where this shell is not installed, and says so. */
    public void assumed() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, words.get(0)))),
                words.get(0) + " is not installed here");
    }

    /** Runs a program as a host does, from standard input. */
    public ActionResult run(String program) throws IOException, InterruptedException {
        Path out = Files.createTempFile("hf-out", "");
        Path err = Files.createTempFile("hf-err", "");
        try {
            Process process = new ProcessBuilder(
                            java.util.stream.Stream.concat(words.stream(), java.util.stream.Stream.of("-s"))
                                    .toList())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(program.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return ActionResult.silent("it did not end within 60 s");
            }
            return LocalCommandRunner.answer(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
