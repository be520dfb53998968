package dev.holdfast.cli.run;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of a drill run: target, repetitions, write rate and time limits. */
public final class DrillOptions {

    @Option(
            names = "--cluster",
            paramLabel = "C",
            description = "the cluster that the drill affects (default: the first that the drill supports)")
    String cluster;

    @Option(
            names = "--group",
            paramLabel = "G",
            description = "the group that the drill affects, e.g. shard-a (default: the first group)")
    String group;

    @Option(
            names = "--zone",
            paramLabel = "Z",
            description = "the zone that the drill affects (default: the zone with the most primaries)")
    String zone;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = OptionValues.Rate.class,
            description = "writes per second and stream (default: the rate of the drill, else 100)")
    Integer rate;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            converter = OptionValues.Repeats.class,
            description = "how often to run the drill (default: 1)")
    int repeat;

    @Option(
            names = "--seed",
            paramLabel = "S",
            converter = OptionValues.Seed.class,
            description = "seed for the random time of the fault in repeated runs")
    Long seed;

    @Option(
            names = "--estate",
            paramLabel = "NAME",
            description = "in production: the estate's name, which is otherwise asked for")
    String typed;

    @Option(names = "--step", description = "ask before each phase")
    boolean step;

    @Option(names = "--out", paramLabel = "DIR", description = "also write the reports to this directory")
    Path out;
}
