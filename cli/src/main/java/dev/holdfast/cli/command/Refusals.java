package dev.holdfast.cli.command;

import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Writes why nothing may be done to standard error. */
final class Refusals {

    private Refusals() {}

    /** @return whether there was any */
    static boolean print(CommandSpec spec, List<Runbook.Planned> plans) {
        List<Refusal> refusals =
                plans.stream().flatMap(p -> p.plan().refusals().stream()).toList();
        refusals.forEach(r -> print(spec.commandLine().getErr(), r));
        return !refusals.isEmpty();
    }

    static void print(PrintWriter err, Refusal refusal) {
        print(err, "refused", refusal);
    }

    static void print(PrintWriter err, String word, Refusal refusal) {
        err.println(word + ": " + refusal.where() + ": " + refusal.what());
        if (!refusal.hint().isEmpty()) {
            err.println("    HINT: " + refusal.hint());
        }
    }
}
