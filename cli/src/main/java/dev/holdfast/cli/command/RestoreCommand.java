package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
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
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
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

/** The command {@code restore}: restores a cluster or the whole estate to a recovery target. */
@Command(
        name = "restore",
        description = "Restore to a recovery target: side by side with the running servers, in place, or into another"
                + " estate.",
        footer = {
            "  holdfast restore payments --to latest",
            "  holdfast restore payments --to 2026-06-01T12:00:00Z --into in-place",
            "  holdfast restore social --before-op 'drop social.message'",
            "  holdfast restore payments --discard --label monday"
        })
public final class RestoreCommand implements Callable<Integer> {

    /** What earlier versions called it. */
    private static final String FORMER_SIDE_BY_SIDE = "beside";

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
                    "recovery target: latest, RFC 3339 time with zone, LSN, cluster time SECONDS:INCREMENT, or name of"
                            + " a restore point")
    String to;

    @Option(
            names = "--before-op",
            paramLabel = "OP",
            description = "restore to just before this operation in the archive, e.g. 'drop social.message'")
    String beforeOperation;

    @Option(
            names = "--into",
            paramLabel = "WHERE",
            defaultValue = RestoreValues.SIDE_BY_SIDE,
            description = "side-by-side (on scratch servers, the default), in-place, or another topology FILE")
    String into;

    @Option(
            names = "--label",
            paramLabel = "NAME",
            defaultValue = "restored",
            description = "name of the scratch servers of a side-by-side restore (default: restored)")
    String label;

    @Option(names = "--discard", description = "end the scratch servers of --label and remove their directory")
    boolean discard;

    @Option(
            names = "--timeline",
            paramLabel = "N",
            converter = OptionValues.Timeline.class,
            description =
                    "PostgreSQL: the timeline, when several timelines contain the recovery target; see backup list")
    Integer timeline;

    @Option(
            names = "--system",
            paramLabel = "ID",
            description = "PostgreSQL: the system whose backups to use, when the repository contains several")
    String system;

    @Option(
            names = "--undo",
            description = "undo a restore in place that cannot continue; the earlier data is moved back")
    boolean undo;

    @Option(names = "--accept-data-loss", description = "in-place: discard what was written after the recovery target")
    boolean acceptDataLoss;

    @Option(
            names = "--override",
            paramLabel = "CODE",
            description = "override one precondition by the code in its refusal")
    Set<String> overrides = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "show the observed state, the decision and the steps; change nothing")
    boolean dryRun;

    public RestoreCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        if (!label.matches("[a-z0-9][a-z0-9-]{0,30}")) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    label,
                    "this is not a label",
                    "lower-case letters, digits and hyphens, e.g. monday");
        }
        if (into.equals(FORMER_SIDE_BY_SIDE)) {
            CommandOutput.deprecated(
                    spec, "--into " + into + " has a new name", "--into " + RestoreValues.SIDE_BY_SIDE);
            into = RestoreValues.SIDE_BY_SIDE;
        }
        boolean isOneFile = into.equals(RestoreValues.SIDE_BY_SIDE) || into.equals(RestoreValues.IN_PLACE);
        LoadedEstate loaded = isOneFile
                ? LoadedEstate.load(options, cliContext)
                : LoadedEstate.load(options.file, options, cliContext);
        Topology source = loaded.topology();
        List<Cluster> clusters = clusters(source);
        if (discard) {
            return new ChangeExecution(cliContext, options, spec, "restore --discard")
                    .carryOut(source, context -> discards(context, source, clusters));
        }
        if (undo) {
            return undo(source, clusters);
        }
        RestoreValues values = new RestoreValues(target, to, beforeOperation, into, label, system);
        RestoreRequest request = new RestoreRequest(
                values.recoveryTarget(),
                values.destination(source),
                FormerOverrides.replaced(spec, "restore", overrides),
                Optional.ofNullable(timeline),
                values.systemIdentifier());
        if (request.into() instanceof RestoreRequest.SideBySide) {
            checkLogins(source, clusters);
        }
        boolean elsewhere = request.into() instanceof RestoreRequest.OtherEstate;
        Topology destination = elsewhere
                ? LoadedEstate.load(Path.of(into), options, cliContext).topology()
                : source;
        List<Operation<?>> operations = clusters.stream()
                .<Operation<?>>map(c -> BuiltIns.backupProvider(c)
                        .restore(destination, elsewhere ? TargetResolver.cluster(destination, c.name()) : c, request))
                .toList();
        OperationExecution all = new OperationExecution(cliContext, options, spec, "restore");
        if (dryRun) {
            return all.print(destination, operations);
        }
        if (request.into() instanceof RestoreRequest.InPlace) {
            agreed(source);
            all.undoneBy("restore " + target + " --undo");
        }
        if (!(request.into() instanceof RestoreRequest.SideBySide)) {
            // the passphrase belongs to the repository: a new one reads nothing
            all.creating(clusters.stream()
                    .map(c -> elsewhere ? TargetResolver.cluster(destination, c.name()) : c)
                    .flatMap(c -> c.secrets().stream()
                            .filter(s -> BuiltIns.backupProvider(c)
                                    .passphrase(c)
                                    .filter(s::equals)
                                    .isEmpty()))
                    .toList());
        }
        return all.perform(destination, operations);
    }

    /** A side-by-side restore keeps the passwords of the recovery target, so new ones cannot log in to it. */
    private void checkLogins(Topology source, List<Cluster> clusters) {
        try (CliContext.Session session = cliContext.forLooking(source, options.parallelism)) {
            clusters.forEach(c -> BuiltIns.backupProvider(c).loginSecrets(c).forEach(s -> checkLogin(session, c, s)));
        }
    }

    private static void checkLogin(CliContext.Session session, Cluster cluster, SecretRef secret) {
        try {
            session.reveal(secret);
        } catch (HoldfastException unknown) {
            throw new HoldfastException(
                    unknown.exit(),
                    unknown.where(),
                    unknown.getMessage() + ", and a side-by-side restore of " + cluster.name()
                            + " needs that secret to log in. Nothing was changed",
                    unknown.hint());
        }
    }

    /** Restores the data first and starts the servers afterwards, as {@code apply} does. */
    private int undo(Topology source, List<Cluster> clusters) throws IOException {
        if (to != null || beforeOperation != null || discard) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    target,
                    "--undo takes no recovery target and no --discard",
                    "holdfast restore " + target + " --undo");
        }
        if (!options.yes) {
            Confirmation.yes(
                    cliContext,
                    spec,
                    "This undoes the restore in place of " + target + " and moves the earlier data back. Continue?",
                    new HoldfastException(
                            ExitCode.REFUSED,
                            target,
                            "the undo of a restore needs confirmation and there is no terminal. Nothing was changed",
                            "use --yes"));
        }
        ChangeExecution run = new ChangeExecution(cliContext, options, spec, "restore --undo")
                .followedBy(clusters.stream()
                        .<Runbook<?>>map(c -> LoadedEstate.engine(c).provision(source, c))
                        .toList());
        return run.carryOut(
                source,
                context -> clusters.stream()
                        .<Runbook<?>>map(c -> BuiltIns.backupProvider(c).undo(source, c))
                        .toList());
    }

    /** Reports the existing labels when a label has no restore. That is not an error: it can be discarded already. */
    private List<Runbook<?>> discards(ExecutionContext context, Topology source, List<Cluster> clusters) {
        Set<String> labels = new TreeSet<>();
        clusters.forEach(c -> labels.addAll(
                BuiltIns.backupProvider(c).labels(context, source, c).labels()));
        if (!labels.isEmpty() && !labels.contains(label)) {
            spec.commandLine()
                    .getErr()
                    .println("note: there is no side-by-side restore with the label " + label + "; existing labels: "
                            + String.join(", ", labels));
        }
        return clusters.stream()
                .<Runbook<?>>map(c -> BuiltIns.backupProvider(c).discard(source, c, label))
                .toList();
    }

    private List<Cluster> clusters(Topology topology) {
        if (!target.equals(topology.name()) || topology.cluster(target).isPresent()) {
            return List.of(BackupCommand.declared(TargetResolver.cluster(topology, target)));
        }
        return BackupCommand.declared(topology);
    }

    /** A restore in place discards what was written after the target, so it has an option of its own and asks for a typed name. */
    private void agreed(Topology topology) {
        if (!acceptDataLoss) {
            throw new HoldfastException(
                    ExitCode.WOULD_LOSE_DATA,
                    target,
                    "a restore in place discards everything that was written after the recovery target",
                    "try --dry-run or a side-by-side restore first, then add --accept-data-loss; the current data is"
                            + " kept");
        }
        if (!options.yes) {
            Confirmation.typed(
                    cliContext,
                    spec,
                    "This restores " + target + " of estate " + topology.name() + " in place. Type its name: ",
                    target,
                    new HoldfastException(
                            ExitCode.REFUSED,
                            target,
                            "the restore asks for a typed name and there is no terminal. Nothing was changed",
                            "use --yes"));
        }
    }
}
