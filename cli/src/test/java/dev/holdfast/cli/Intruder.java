package dev.holdfast.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A local user of a host who owns no server there. Only root can act as another user. */
public record Intruder(String user) {

    public static final Intruder NOBODY = new Intruder("nobody");
    public static final Intruder POSTGRES = new Intruder("postgres");

    /** The user of MongoDB servers, after an attacker has taken over one of them. */
    public static final Intruder MONGODB = new Intruder("mongodb");

    /** Skips the test where it cannot act as another user. */
    public void assumed() {
        assumeTrue(ServersUser.isAnother(), "this needs root, which acts as another user");
    }

    /** @return the exit code of a shell command */
    public int tries(String command) throws IOException, InterruptedException {
        Process process = starts(command);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(user + " still tries " + command);
        }
        return process.exitValue();
    }

    public Process starts(String command) throws IOException {
        List<String> words = new ArrayList<>(List.of("runuser", "-u", user, "--", "bash", "-c", "cd / && " + command));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
