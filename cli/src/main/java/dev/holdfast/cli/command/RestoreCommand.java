package dev.holdfast.cli.command;

import dev.holdfast.Catalogue;
import dev.holdfast.backup.Moment;
import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings back a moment of a cluster, or of the whole estate. */
@Command(name = "restore", description = "Bring back a moment: beside the running servers, in place, or elsewhere.")
public final class RestoreCommand implements Callable<Integer> {

    private static final String BESIDE = "beside";
    private static final String IN_PLACE = "in-place";

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "TARGET", description = "the cluster, or the estate's name for all of its clusters")
    String target;

    @Option(
            names = "--to",
            paramLabel = "MOMENT",
            description = "RFC 3339 time with zone, LSN, cluster time SECONDS:INCREMENT, or name of a restore point")
    String to;

    @Option(
            names = "--before-op",
            paramLabel = "OP",
            description = "to just before an operation found in the archive, e.g. 'drop social.message'")
    String beforeOperation;

    @Option(
            names = "--into",
            paramLabel = "WHERE",
            defaultValue = BESIDE,
            description = "beside (scratch servers, the default), in-place, or another topology FILE")
    String into;

    @Option(
            names = "--label",
            paramLabel = "NAME",
            defaultValue = "restored",
            description = "names the scratch servers of a restore beside (default: restored)")
    String label;

    @Option(names = "--discard", description = "end the scratch servers of that label and remove their folder")
    boolean discard;

    @Option(names = "--accept-data-loss", description = "in-place: give up what was written after the moment")
    boolean acceptDataLoss;

    @Option(names = "--override", paramLabel = "CODE", description = "override one interlock, by the code it gave")
    Set<String> overrides = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "say what is seen, decided and would be done; change nothing")
    boolean dryRun;

    public RestoreCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        if (!label.matches("[a-z0-9][a-z0-9-]{0,30}")) {
            throw new Trouble(
                    Exit.USAGE, label, "this is no label", "lower-case letters, digits and hyphens, e.g. monday");
        }
        Topology source = Estate.load(options, desk).topology();
        List<Cluster> clusters = clusters(source);
        if (discard) {
            return new Run(desk, options, spec, "restore --discard")
                    .carryOut(source, world -> discards(world, source, clusters));
        }
        RestoreOrder order = new RestoreOrder(moment(), whereto(source), overrides);
        boolean elsewhere = order.into() instanceof RestoreOrder.Elsewhere;
        Topology ground = elsewhere ? Estate.load(Path.of(into), options, desk).topology() : source;
        List<Maneuver<?>> maneuvers = clusters.stream()
                .<Maneuver<?>>map(c ->
                        Catalogue.vault(c).restore(ground, elsewhere ? Targets.cluster(ground, c.name()) : c, order))
                .toList();
        Maneuvers all = new Maneuvers(desk, options, spec, "restore");
        if (dryRun) {
            return all.tell(ground, maneuvers);
        }
        if (order.into() instanceof RestoreOrder.InPlace) {
            agreed(source);
        }
        return all.perform(ground, maneuvers);
    }

    /** A label that nothing has is no error: it may have been discarded before. Which there are is told. */
    private List<Runbook<?>> discards(World world, Topology source, List<Cluster> clusters) {
        Set<String> labels = new TreeSet<>();
        clusters.forEach(c -> labels.addAll(Catalogue.vault(c).labels(world, source, c)));
        if (!labels.isEmpty() && !labels.contains(label)) {
            spec.commandLine()
                    .getErr()
                    .println("note: nothing is restored beside as " + label + "; --label may be: "
                            + String.join(", ", labels));
        }
        return clusters.stream()
                .<Runbook<?>>map(c -> Catalogue.vault(c).discard(source, c, label))
                .toList();
    }

    private List<Cluster> clusters(Topology topology) {
        if (!target.equals(topology.name()) || topology.cluster(target).isPresent()) {
            return List.of(BackupCommand.declared(Targets.cluster(topology, target)));
        }
        return BackupCommand.declared(topology);
    }

    private Moment moment() {
        if ((to == null) == (beforeOperation == null)) {
            throw new Trouble(
                    Exit.USAGE,
                    target,
                    to == null ? "which moment shall be brought back?" : "--to and --before-op are two moments",
                    "give --to TIME|LSN|NAME or --before-op 'drop social.message'; holdfast backup list shows the window");
        }
        return to != null ? Moment.of(to) : new Moment.BeforeOperation(beforeOperation);
    }

    private RestoreOrder.Into whereto(Topology source) {
        if (into.equals(BESIDE)) {
            return new RestoreOrder.Beside(label);
        }
        if (into.equals(IN_PLACE)) {
            return new RestoreOrder.InPlace();
        }
        if (!Files.isRegularFile(Path.of(into))) {
            throw new Trouble(
                    Exit.USAGE,
                    into,
                    "no topology file is there",
                    "--into beside, in-place, or the path of a topology file");
        }
        return new RestoreOrder.Elsewhere(source);
    }

    /** What was written after the moment is given up by a restore in place: that has a flag and a typed name of its own. */
    private void agreed(Topology topology) {
        if (!acceptDataLoss) {
            throw new Trouble(
                    Exit.WOULD_LOSE_DATA,
                    target,
                    "a restore in place gives up everything that was written after the moment",
                    "look at --dry-run or restore beside first; then --accept-data-loss. The present data is kept aside");
        }
        if (!options.yes) {
            Question.typed(
                    desk,
                    spec,
                    "This takes " + target + " of estate " + topology.name() + " back. Type its name: ",
                    target,
                    new Trouble(Exit.REFUSED, target, "nobody to type its name", "use --yes"));
        }
    }
}
