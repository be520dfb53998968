package dev.holdfast.cli.view;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Writes refusals to standard error. */
public final class RefusalView {

    private RefusalView() {}

    /** @return whether there was a refusal */
    public static boolean print(CommandSpec spec, List<Runbook.Planned> plans) {
        List<Refusal> refusals =
                plans.stream().flatMap(p -> p.plan().refusals().stream()).toList();
        refusals.forEach(r -> print(spec.commandLine().getErr(), r));
        return !refusals.isEmpty();
    }

    public static void print(PrintWriter err, Refusal refusal) {
        print(err, "refused", refusal);
    }

    public static void print(PrintWriter err, String word, Refusal refusal) {
        String first = refusal.exit() == ExitCode.REFUSED ? "refused" : word;
        err.println(first + ": " + refusal.where() + ": " + refusal.what());
        refusal.code().ifPresent(c -> err.println("    CODE: " + c));
        if (!refusal.hint().isEmpty()) {
            err.println("    HINT: " + refusal.hint());
        }
    }
}
