package dev.holdfast.cli.command;

import dev.holdfast.model.Environment;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Ends every process of a lab estate and removes its directories. */
@Command(
        name = "destroy",
        description = "End every process of a lab estate and remove its directories. Asks for the estate's name.")
public final class DestroyCommand implements Callable<Integer> {

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    public DestroyCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Estate estate = Estate.load(options, desk);
        Topology topology = estate.topology();
        if (topology.environment() != Environment.LAB) {
            throw new Trouble(
                    Exit.REFUSED,
                    topology.name(),
                    "environment is " + topology.environment().name().toLowerCase(java.util.Locale.ROOT)
                            + "; only a lab is destroyed",
                    "there is no flag for this: a lab is declared by environment: lab");
        }
        if (!options.yes) {
            Question.typed(
                    desk,
                    spec,
                    "This ends every process of estate " + topology.name()
                            + " and removes all its data. Type the estate's name: ",
                    topology.name(),
                    new Trouble(Exit.REFUSED, topology.name(), "nobody to type the estate's name", "use --yes"));
        }
        int exit = new Run(desk, options, spec, "destroy")
                .onEveryHost()
                .carryOut(topology, world -> estate.destroy(), Desk.Hands::vacate);
        if (exit == Exit.DONE.code()) {
            desk.folders().forgetSecrets(topology.name());
        }
        return exit;
    }
}
