package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.Confirmation;
import dev.holdfast.cli.run.FormerOverrides;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.OperationExecution;
import dev.holdfast.cli.run.OptionValues;
import dev.holdfast.cli.run.TargetResolver;
import dev.holdfast.engine.Operation;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

    private static final String SIDE_BY_SIDE = "beside";
    private static final String IN_PLACE = "in-place";

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "TARGET", description = "the cluster, or the estate's name for all of its clusters")
    String target;

    @Option(
            names = "--to",
            paramLabel = "MOMENT",
            description =
                    "latest, RFC 3339 time with zone, LSN, cluster time SECONDS:INCREMENT, or name of a restore point")
    String to;

    @Option(
            names = "--before-op",
            paramLabel = "OP",
            description = "to just before an operation found in the archive, e.g. 'drop social.message'")
    String beforeOperation;

    @Option(
            names = "--into",
            paramLabel = "WHERE",
            defaultValue = SIDE_BY_SIDE,
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

    @Option(
            names = "--timeline",
            paramLabel = "N",
            converter = OptionValues.Timeline.class,
            description = "PostgreSQL: the timeline on which the moment lies, where several hold it; see backup list")
    Integer timeline;

    @Option(
            names = "--system",
            paramLabel = "ID",
            description = "PostgreSQL: whose backups, where the repository holds those of several systems")
    String system;

    @Option(
            names = "--undo",
            description = "end a restore in place that cannot go on: the data that it kept aside comes back")
    boolean undo;

    @Option(names = "--accept-data-loss", description = "in-place: give up what was written after the moment")
    boolean acceptDataLoss;

    @Option(names = "--override", paramLabel = "CODE", description = "override one interlock, by the code it gave")
    Set<String> overrides = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "say what is seen, decided and would be done; change nothing")
    boolean dryRun;

    public RestoreCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        if (!label.matches("[a-z0-9][a-z0-9-]{0,30}")) {
            throw new HoldfastException(
                    ExitCode.USAGE, label, "this is no label", "lower-case letters, digits and hyphens, e.g. monday");
        }
        Topology source = LoadedEstate.load(options, cliContext).topology();
        List<Cluster> clusters = clusters(source);
        if (discard) {
            return new ChangeExecution(cliContext, options, spec, "restore --discard")
                    .carryOut(source, context -> discards(context, source, clusters));
        }
        if (undo) {
            return undo(source, clusters);
        }
        RestoreRequest request = new RestoreRequest(
                moment(),
                whereto(source),
                FormerOverrides.replaced(spec, "restore", overrides),
                Optional.ofNullable(timeline),
                system());
        boolean elsewhere = request.into() instanceof RestoreRequest.OtherEstate;
        Topology ground = elsewhere
                ? LoadedEstate.load(Path.of(into), options, cliContext).topology()
                : source;
        List<Operation<?>> operations = clusters.stream()
                .<Operation<?>>map(c -> BuiltIns.vault(c)
                        .restore(ground, elsewhere ? TargetResolver.cluster(ground, c.name()) : c, request))
                .toList();
        OperationExecution all = new OperationExecution(cliContext, options, spec, "restore");
        if (dryRun) {
            return all.print(ground, operations);
        }
        if (request.into() instanceof RestoreRequest.InPlace) {
            agreed(source);
            all.undoneBy("restore " + target + " --undo");
        }
        return all.perform(ground, operations);
    }

    /** The data first, then the servers, as apply does it. */
    private int undo(Topology source, List<Cluster> clusters) throws IOException {
        if (to != null || beforeOperation != null || discard) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    target,
                    "--undo takes no moment and no --discard",
                    "holdfast restore " + target + " --undo");
        }
        if (!options.yes) {
            Confirmation.yes(
                    cliContext,
                    spec,
                    "This ends the restore in place of " + target + " and brings the data of before back. Go on?",
                    new HoldfastException(
                            ExitCode.REFUSED,
                            target,
                            "there is no terminal to ask whether to undo the restore. Nothing was changed",
                            "use --yes"));
        }
        ChangeExecution run = new ChangeExecution(cliContext, options, spec, "restore --undo")
                .followedBy(clusters.stream()
                        .<Runbook<?>>map(c -> LoadedEstate.engine(c).provision(source, c))
                        .toList());
        run.resumedBy("restore " + target + " --undo");
        return run.carryOut(
                source,
                context -> clusters.stream()
                        .<Runbook<?>>map(c -> BuiltIns.vault(c).undo(source, c))
                        .toList());
    }

    /** A label that nothing has is no error: it may have been discarded before. Which there are is told. */
    private List<Runbook<?>> discards(ExecutionContext context, Topology source, List<Cluster> clusters) {
        Set<String> labels = new TreeSet<>();
        clusters.forEach(
                c -> labels.addAll(BuiltIns.vault(c).labels(context, source, c).labels()));
        if (!labels.isEmpty() && !labels.contains(label)) {
            spec.commandLine()
                    .getErr()
                    .println("note: nothing is restored beside as " + label + "; --label may be: "
                            + String.join(", ", labels));
        }
        return clusters.stream()
                .<Runbook<?>>map(c -> BuiltIns.vault(c).discard(source, c, label))
                .toList();
    }

    private List<Cluster> clusters(Topology topology) {
        if (!target.equals(topology.name()) || topology.cluster(target).isPresent()) {
            return List.of(BackupCommand.declared(TargetResolver.cluster(topology, target)));
        }
        return BackupCommand.declared(topology);
    }

    private RecoveryTarget moment() {
        if ((to == null) == (beforeOperation == null)) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    target,
                    to == null ? "which moment shall be brought back?" : "--to and --before-op are two moments",
                    "give --to TIME|LSN|NAME or --before-op 'drop social.message'; holdfast backup list shows the window");
        }
        return to != null ? RecoveryTarget.of(to) : new RecoveryTarget.BeforeOperation(beforeOperation);
    }

    private Optional<String> system() {
        if (system != null && !system.matches("[0-9]{1,20}")) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--system " + system,
                    "a system identifier is a number",
                    "holdfast backup list names those in the repository");
        }
        return Optional.ofNullable(system);
    }

    private RestoreRequest.Destination whereto(Topology source) {
        if (into.equals(SIDE_BY_SIDE)) {
            return new RestoreRequest.SideBySide(label);
        }
        if (into.equals(IN_PLACE)) {
            return new RestoreRequest.InPlace();
        }
        if (!Files.isRegularFile(Path.of(into))) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    into,
                    "no topology file is there",
                    "--into beside, in-place, or the path of a topology file");
        }
        return new RestoreRequest.OtherEstate(source);
    }

    /** What was written after the moment is given up by a restore in place: that has a flag and a typed name of its own. */
    private void agreed(Topology topology) {
        if (!acceptDataLoss) {
            throw new HoldfastException(
                    ExitCode.WOULD_LOSE_DATA,
                    target,
                    "a restore in place gives up everything that was written after the moment",
                    "look at --dry-run or restore beside first; then --accept-data-loss. The present data is kept aside");
        }
        if (!options.yes) {
            Confirmation.typed(
                    cliContext,
                    spec,
                    "This takes " + target + " of estate " + topology.name() + " back. Type its name: ",
                    target,
                    new HoldfastException(ExitCode.REFUSED, target, "nobody to type its name", "use --yes"));
        }
    }
}
