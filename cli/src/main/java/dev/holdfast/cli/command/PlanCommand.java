package dev.holdfast.cli.command;

import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.PlanView;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what is there and says what apply would do, and why; changes nothing. */
@Command(name = "plan", description = "Say what apply would do, and why. Changes nothing.")
public final class PlanCommand implements Callable<Integer> {

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(names = "--out", paramLabel = "PLAN", description = "also write the plan to this file, for apply")
    Path plan;

    @Option(names = "--detailed-exitcode", description = "end with 2 when there is something to do")
    boolean detailed;

    public PlanCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Estate estate = Estate.load(options, desk);
        List<Runbook.Planned> plans;
        try (Desk.Hands hands = desk.forLooking(estate.topology(), options.parallelism)) {
            plans = Estate.plan(estate.provision(), hands.world());
        }
        Map<String, Object> data = SavedPlan.of(estate.topology(), plans);
        if (plan != null) {
            Files.writeString(plan, Data.json(data));
        }
        Told.result(
                spec,
                options,
                data,
                out -> new PlanView(out, spec.commandLine().getColorScheme().ansi(), options.verbose)
                        .print(estate.topology(), plans));
        if (Refusals.print(spec, plans)) {
            return Exit.REFUSED.code();
        }
        List<Plan.Refusal> missing = plans.stream()
                .flatMap(p -> p.plan().missing().stream())
                .distinct()
                .toList();
        missing.forEach(m -> Refusals.print(spec.commandLine().getErr(), "missing", m));
        boolean pending = plans.stream().anyMatch(p -> !p.plan().isEmpty());
        return !missing.isEmpty()
                ? Exit.UNREACHABLE.code()
                : pending && detailed ? Exit.CHANGES_PENDING.code() : Exit.DONE.code();
    }
}
