package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The shell of this machine; every program runs in its own session, so that Ctrl-C does not reach it. */
public final class LocalCommandRunner implements CommandRunner {

    private static final List<String> KEPT = List.of("HOME", "USER", "LOGNAME", "TMPDIR", "LANG");
    private static final String FALLBACK_PATH = "/usr/local/bin:/usr/bin:/bin";
    /** How long to wait for the end of an ended program's output; a daemon that keeps the stream open never ends it. */
    private static final long FINAL_OUTPUT_MILLIS = 3000;

    private final Map<String, String> environment;
    private final Executor readers;
    private final Queue<Process> held = new ConcurrentLinkedQueue<>();

    public LocalCommandRunner(Map<String, String> environment, Executor readers) {
        this.environment = environment;
        this.readers = readers;
    }

    @Override
    public ActionResult run(String program, Duration deadline) {
        try {
            long began = System.nanoTime(); // before the host's own limit begins
            Process process = start(CommandRunner.limited(deadline));
            StreamReader out = new StreamReader(process.getInputStream(), readers);
            StreamReader err = new StreamReader(process.getErrorStream(), readers);
            writeInput(process, program);
            boolean isEnded = process.waitFor(deadline.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            if (!isEnded || isLate(process.exitValue(), System.nanoTime() - began, deadline)) {
                process.destroyForcibly();
                return ActionResult.silent(CommandRunner.late(deadline, err.soFar()));
            }
            return answer(process.exitValue(), out.all(FINAL_OUTPUT_MILLIS), err.all(FINAL_OUTPUT_MILLIS));
        } catch (IOException broken) {
            return ActionResult.silent(broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return ActionResult.silent("interrupted");
        }
    }

    @Override
    public boolean isFar() {
        return false;
    }

    @Override
    public HeldScript hold(String program, Duration deadline) {
        try {
            Process process = start(List.of("sh", "-s"));
            OutputStream in = process.getOutputStream();
            in.write(program.getBytes(StandardCharsets.UTF_8));
            in.flush();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            StreamReader err = new StreamReader(process.getErrorStream(), readers);
            String first = CompletableFuture.supplyAsync(() -> line(out), readers)
                    .completeOnTimeout("", deadline.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (first.isEmpty()) {
                process.getOutputStream().close();
                boolean over = process.waitFor(1, TimeUnit.SECONDS);
                return HeldScript.not(
                        over
                                ? ActionResult.refused(
                                        Integer.toString(process.exitValue()),
                                        err.all(FINAL_OUTPUT_MILLIS).strip())
                                : ActionResult.silent("no output within " + deadline.toSeconds() + " s"));
            }
            held.add(process);
            return new Kept(ActionResult.ok(first), process);
        } catch (IOException broken) {
            return HeldScript.not(ActionResult.silent(broken.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return HeldScript.not(ActionResult.silent("interrupted"));
        }
    }

    private record Kept(ActionResult first, Process process) implements HeldScript {
        @Override
        public boolean isThere() {
            return process.isAlive();
        }
    }

    /** Ends a held program by closing its standard input, as the end of the CLI would. */
    @Override
    public void close() {
        for (Process process : held) {
            try {
                process.getOutputStream().close();
                process.waitFor(2, TimeUnit.SECONDS);
            } catch (IOException alreadyGone) {
                process.destroy();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the host ended a program after its time limit: exit code 124, or 137 when it had to be killed. */
    static boolean isLate(int code, long nanos, Duration deadline) {
        return (code == 124 || code == 137) && nanos >= deadline.toNanos();
    }

    private Process start(List<String> shell) throws IOException {
        List<String> words = new ArrayList<>(List.of("setsid", "--wait"));
        words.addAll(shell);
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> env = builder.environment();
        env.clear();
        KEPT.stream().filter(environment::containsKey).forEach(k -> env.put(k, environment.get(k)));
        String servers = environment.getOrDefault("HOLDFAST_SERVERS", "");
        env.put("PATH", environment.getOrDefault("PATH", FALLBACK_PATH) + (servers.isEmpty() ? "" : ":" + servers));
        builder.directory(new java.io.File("/"));
        return builder.start();
    }

    private static void writeInput(Process process, String program) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(program.getBytes(StandardCharsets.UTF_8));
        }
    }

    static ActionResult answer(int code, String out, String err) {
        return code == 0
                ? ActionResult.ok(out)
                : ActionResult.refused(Integer.toString(code), err.isBlank() ? out.strip() : err.strip());
    }

    private static String line(BufferedReader out) {
        try {
            String line = out.readLine();
            return line == null ? "" : line;
        } catch (IOException closed) {
            return "";
        }
    }
}
