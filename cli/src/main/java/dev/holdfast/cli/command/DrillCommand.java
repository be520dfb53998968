package dev.holdfast.cli.command;

import dev.holdfast.Catalogue;
import dev.holdfast.drill.Drill;
import dev.holdfast.engine.Nearest;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Breaks a healthy estate on purpose, under load, and proves what became of every write. */
@Command(
        name = "drill",
        description = "Break a healthy estate on purpose, under load, and prove what became of every write.")
public final class DrillCommand implements Callable<Integer> {

    /** What is asked for. */
    enum Ask {
        list,
        show,
        run,
        cleanup,
        history
    }

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(index = "0", paramLabel = "ASK", description = "list, show, run, cleanup or history")
    Ask ask;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "the drill, e.g. mongo-primary-kill")
    String name;

    @Option(names = "--cluster", paramLabel = "C", description = "the cluster to strike (default: the first that fits)")
    String cluster;

    @Option(names = "--group", paramLabel = "G", description = "the group to strike, e.g. shard-a (default: the first)")
    String group;

    @Option(names = "--zone", paramLabel = "Z", description = "the zone to strike (default: where most primaries are)")
    String zone;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "writes per second and stream (default: the drill's, else 100)")
    Integer rate;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1", description = "run so many times (default: 1)")
    int repeat;

    @Option(names = "--seed", paramLabel = "S", description = "for the random moment of the break in repeated runs")
    Long seed;

    @Option(
            names = "--estate",
            paramLabel = "NAME",
            description = "in production: the estate's name, as a person would type it")
    String typed;

    @Option(names = "--step", description = "stop before each act and ask")
    boolean step;

    @Option(names = "--out", paramLabel = "DIR", description = "put the reports there too")
    Path out;

    public DrillCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        if (ask == Ask.list && !Files.exists(options.file)) {
            return new DrillTold(options, spec).list("", Catalogue.drills());
        }
        Estate estate = Estate.load(options, desk);
        return switch (ask) {
            case list -> new DrillTold(options, spec).list(estate.topology().name(), estate.drills());
            case show -> {
                Drill drill = drill(estate);
                yield new DrillTold(options, spec).show(drill, DrillScenes.of(estate.topology(), drill, this));
            }
            case run -> {
                Drill drill = drill(estate);
                yield new DrillRuns(desk, options, spec, this)
                        .run(drill, DrillScenes.of(estate.topology(), drill, this));
            }
            case cleanup -> new DrillCleanup(desk, options, spec).of(estate.topology());
            case history -> new DrillHistory(desk, options, spec).tell(estate);
        };
    }

    private Drill drill(Estate estate) {
        List<String> names = estate.drills().stream().map(Drill::name).toList();
        if (name == null) {
            throw new Trouble(
                    Exit.USAGE, "drill " + ask, "which drill?", "the drills are: " + String.join(", ", names));
        }
        return estate.drills().stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Trouble(
                        Exit.USAGE, name, "no drill is called that", Nearest.hint(name, names, "the drills are: ")));
    }
}
