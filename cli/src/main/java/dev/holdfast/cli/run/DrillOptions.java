package dev.holdfast.cli.run;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of a drill run: what it targets, how often and how fast. */
public final class DrillOptions {

    @Option(
            names = "--cluster",
            paramLabel = "C",
            description = "the cluster that the drill affects (default: the first that fits)")
    String cluster;

    @Option(
            names = "--group",
            paramLabel = "G",
            description = "the group that the drill affects, e.g. shard-a (default: the first)")
    String group;

    @Option(
            names = "--zone",
            paramLabel = "Z",
            description = "the zone that the drill affects (default: where most primaries are)")
    String zone;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = OptionValues.Rate.class,
            description = "writes per second and stream (default: the drill's, else 100)")
    Integer rate;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            converter = OptionValues.Repeats.class,
            description = "run so many times (default: 1)")
    int repeat;

    @Option(
            names = "--seed",
            paramLabel = "S",
            converter = OptionValues.Seed.class,
            description = "for the random moment of the break in repeated runs")
    Long seed;

    @Option(
            names = "--estate",
            paramLabel = "NAME",
            description = "in production: the estate's name, instead of the question for it")
    String typed;

    @Option(names = "--step", description = "stop before each act and ask")
    boolean step;

    @Option(names = "--out", paramLabel = "DIR", description = "put the reports there too")
    Path out;
}
