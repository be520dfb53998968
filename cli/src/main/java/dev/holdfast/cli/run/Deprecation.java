package dev.holdfast.cli.run;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** The warning of a former word that a command still accepts. */
public final class Deprecation {

    private Deprecation() {}

    /**
     * @param what the former word and what has changed, as a sentence
     * @param present what to type instead
     */
    public static void warn(CommandSpec spec, String what, String present) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("DEPRECATED: " + what);
        err.println("    HINT: use " + present);
    }
}
