package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The interface that runs shell programs on one host: this machine, or a host over SSH. */
public interface CommandRunner extends AutoCloseable {

    /** Runs the program with {@code sh -s}; OK contains its standard output, REFUSED its exit code and standard error. */
    ActionResult run(String program, Duration deadline);

    /** Opens the connection that {@link #run} needs, if there is none; {@link #run} reports a failure. */
    default void open() {}

    /** Starts a program that runs until this runner is closed or the CLI ends for any reason. */
    HeldScript hold(String program, Duration deadline);

    /** Whether held programs need a heartbeat from the CLI, because they may not notice its end. */
    boolean isFar();

    @Override
    void close();

    /** How much longer than the program itself the CLI waits for its end on the host. */
    Duration GRACE = Duration.ofMillis(400);

    /** The shell that reads a program and ends it with its child processes after the limit; programs in their own session continue. */
    static List<String> limited(Duration deadline) {
        String seconds = String.format(Locale.ROOT, "%.3f", Math.max(1, deadline.toMillis()) / 1000.0);
        return List.of("timeout", "-k", "3", seconds, "sh", "-s");
    }

    /** Returns the message for a limit that has passed. */
    static String late(Duration deadline, String problems) {
        String limit = deadline.toMillis() < 1000 ? deadline.toMillis() + " ms" : deadline.toSeconds() + " s";
        String last = problems.strip();
        return "not finished within " + limit + (last.isEmpty() ? "" : "; " + last);
    }

    /** Returns the text as one word of a POSIX shell, whatever it contains. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
