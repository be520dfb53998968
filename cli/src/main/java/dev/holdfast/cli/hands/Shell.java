package dev.holdfast.cli.hands;

import dev.holdfast.world.Answer;
import java.time.Duration;

/** A way to run a shell program on one host. */
interface Shell extends AutoCloseable {

    /** Runs the program with {@code sh -s}; OK carries its standard output, REFUSED its exit code and standard error. */
    Answer run(String program, Duration deadline);

    /** Starts a program that stays until this shell is closed or the CLI ends, however it ends. */
    Held hold(String program, Duration deadline);

    /** Whether what is held must be told that the CLI lives, because the end of the CLI may go unnoticed there. */
    boolean isFar();

    @Override
    void close();

    /** The text as one word of a POSIX shell, whatever it holds. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
