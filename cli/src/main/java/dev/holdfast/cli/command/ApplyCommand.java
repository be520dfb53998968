package dev.holdfast.cli.command;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings the estate from whatever is there to what is declared. */
@Command(name = "apply", description = "Bring the estate from whatever is there to what is declared.")
public final class ApplyCommand implements Callable<Integer> {

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "PLAN",
            description = "a file made by plan --out: refused when planning now gives anything else")
    Path plan;

    public ApplyCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Estate estate = Estate.load(options, desk);
        Topology topology = estate.topology();
        List<Runbook<?>> books = estate.provision();
        return new Run(desk, options, spec, "apply").carryOut(topology, world -> {
            if (plan != null) {
                SavedPlan.mustStillHold(plan, topology, Estate.plan(books, world));
            } else if (!options.yes) {
                agreed(topology, books, world);
            }
            return books;
        });
    }

    private void agreed(Topology topology, List<Runbook<?>> books, World world) {
        List<Runbook.Planned> plans = Estate.plan(books, world);
        long steps = plans.stream().mapToLong(p -> p.plan().steps().size()).sum();
        boolean refused = plans.stream().anyMatch(p -> !p.plan().refusals().isEmpty());
        if (steps == 0 || refused) {
            return;
        }
        Question.yes(
                desk,
                spec,
                steps + " steps to do on estate " + topology.name() + "; `holdfast plan` lists them. Go on?",
                new Trouble(
                        Exit.REFUSED,
                        topology.name(),
                        steps + " steps to do, and nobody to ask whether to do them",
                        "look at `holdfast plan`, then run again with --yes or with a saved plan"));
    }
}
