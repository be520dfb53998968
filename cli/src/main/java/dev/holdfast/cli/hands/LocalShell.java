package dev.holdfast.cli.hands;

import dev.holdfast.world.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The shell of this machine; every program runs in a session of its own, so that Ctrl-C does not reach it. */
final class LocalShell implements Shell {

    private static final List<String> KEPT = List.of("HOME", "USER", "LOGNAME", "TMPDIR", "LANG");
    private static final String FALLBACK_PATH = "/usr/local/bin:/usr/bin:/bin";
    /** How long the end of what an ended program said is waited for; a daemon that keeps the stream open never ends it. */
    private static final long LAST_WORDS_MILLIS = 3000;

    private final Map<String, String> environment;
    private final Executor readers;
    private final Queue<Process> held = new ConcurrentLinkedQueue<>();

    LocalShell(Map<String, String> environment, Executor readers) {
        this.environment = environment;
        this.readers = readers;
    }

    @Override
    public Answer run(String program, Duration deadline) {
        try {
            Process process = start();
            Heard out = new Heard(process.getInputStream(), readers);
            Heard err = new Heard(process.getErrorStream(), readers);
            say(process, program);
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return Answer.silent("not finished within " + deadline.toSeconds() + " s; " + err.soFar());
            }
            return answer(process.exitValue(), out.all(LAST_WORDS_MILLIS), err.all(LAST_WORDS_MILLIS));
        } catch (IOException broken) {
            return Answer.silent(broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Answer.silent("interrupted");
        }
    }

    @Override
    public boolean isFar() {
        return false;
    }

    @Override
    public Held hold(String program, Duration deadline) {
        try {
            Process process = start();
            OutputStream in = process.getOutputStream();
            in.write(program.getBytes(StandardCharsets.UTF_8));
            in.flush();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            Heard err = new Heard(process.getErrorStream(), readers);
            String first = CompletableFuture.supplyAsync(() -> line(out), readers)
                    .completeOnTimeout("", deadline.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (first.isEmpty()) {
                process.getOutputStream().close();
                boolean over = process.waitFor(1, TimeUnit.SECONDS);
                return Held.not(
                        over
                                ? Answer.refused(
                                        Integer.toString(process.exitValue()),
                                        err.all(LAST_WORDS_MILLIS).strip())
                                : Answer.silent("nothing said within " + deadline.toSeconds() + " s"));
            }
            held.add(process);
            return new Kept(Answer.ok(first), process);
        } catch (IOException broken) {
            return Held.not(Answer.silent(broken.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Held.not(Answer.silent("interrupted"));
        }
    }

    private record Kept(Answer first, Process process) implements Held {
        @Override
        public boolean isThere() {
            return process.isAlive();
        }
    }

    /** Ends what is held by ending its standard input, as the end of the CLI would. */
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

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("setsid", "--wait", "sh", "-s");
        Map<String, String> env = builder.environment();
        env.clear();
        KEPT.stream().filter(environment::containsKey).forEach(k -> env.put(k, environment.get(k)));
        String servers = environment.getOrDefault("HOLDFAST_SERVERS", "");
        env.put("PATH", environment.getOrDefault("PATH", FALLBACK_PATH) + (servers.isEmpty() ? "" : ":" + servers));
        builder.directory(new java.io.File("/"));
        return builder.start();
    }

    private static void say(Process process, String program) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(program.getBytes(StandardCharsets.UTF_8));
        }
    }

    static Answer answer(int code, String out, String err) {
        return code == 0
                ? Answer.ok(out)
                : Answer.refused(Integer.toString(code), err.isBlank() ? out.strip() : err.strip());
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
