package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A way to run a shell program on one host. */
public interface CommandRunner extends AutoCloseable {

    /** Runs the program with {@code sh -s}; OK carries its standard output, REFUSED its exit code and standard error. */
    ActionResult run(String program, Duration deadline);

    /** Makes the connection that {@link #run} needs, if there is none; a failure is told by {@link #run}. */
    default void open() {}

    /** Starts a program that stays until this shell is closed or the CLI ends, however it ends. */
    HeldScript hold(String program, Duration deadline);

    /** Whether what is held must be told that the CLI lives, because the end of the CLI may go unnoticed there. */
    boolean isFar();

    @Override
    void close();

    /** How much longer than the program itself the CLI waits, until the host has ended it. */
    Duration GRACE = Duration.ofMillis(400);

    /** The shell that reads a program, and ends it with all its children after so long; what made a session of its own stays. */
    static List<String> limited(Duration deadline) {
        String seconds = String.format(Locale.ROOT, "%.3f", Math.max(1, deadline.toMillis()) / 1000.0);
        return List.of("timeout", "-k", "3", seconds, "sh", "-s");
    }

    /** For people: a limit that passed. */
    static String late(Duration deadline, String complaints) {
        String limit = deadline.toMillis() < 1000 ? deadline.toMillis() + " ms" : deadline.toSeconds() + " s";
        String last = complaints.strip();
        return "not finished within " + limit + (last.isEmpty() ? "" : "; " + last);
    }

    /** The text as one word of a POSIX shell, whatever it holds. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
