package dev.holdfast.cli.exec;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The browser of the person at this machine, which {@code xdg-open} chooses.
 *
 * @param environment the environment of the command; its PATH is searched for the program
 * @param limit how long to wait for a failure; a program that still runs then has opened the page
 */
public record Browser(Map<String, String> environment, Duration limit) {

    private static final String PROGRAM = "xdg-open";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    public Browser(Map<String, String> environment) {
        this(environment, LIMIT);
    }

    /** @throws HoldfastException INCOMPLETE when there is no such program, or when the program fails */
    public void open(Path page) {
        Path program = Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> failed(page, PROGRAM + " is not installed on this machine"));
        try {
            ProcessBuilder builder = new ProcessBuilder(program.toString(), page.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() != 0) {
                throw failed(page, PROGRAM + " ended with exit " + process.exitValue());
            }
        } catch (IOException broken) {
            throw failed(page, program + " cannot be started: " + broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static HoldfastException failed(Path page, String reason) {
        return new HoldfastException(
                ExitCode.INCOMPLETE,
                page.toString(),
                "the report is written, and no browser was opened: " + reason,
                "open this file in a browser");
    }
}
