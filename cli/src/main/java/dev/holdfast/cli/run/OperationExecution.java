package dev.holdfast.cli.run;

import dev.holdfast.cli.view.PlanView;
import dev.holdfast.cli.view.RefusalView;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.engine.MaintenanceMode;
import dev.holdfast.engine.Operation;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Decides one or several operations, and shows the decisions or executes them: all of them, or none when one is refused. */
public final class OperationExecution {

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final String command;
    private String target;
    private String undoing = "";
    private List<SecretRef> created = List.of();
    /** Whether a cluster in maintenance is left unchanged. */
    private final boolean heedsMaintenance;

    /** An operation with the decision of its table. */
    private record Case(Operation<?> operation, Operation.Assessment decided, Runbook<?> atOnce) {
        static Case of(Operation<?> operation, ExecutionContext context) {
            Operation.DecidedRunbook ruled = operation.rule(context);
            return new Case(operation, ruled.decided(), ruled.runbook());
        }

        Case paused(MaintenanceMode maintenance) {
            return new Case(operation, OperationExecution.paused(maintenance), operation.runbook());
        }
    }

    public OperationExecution(CliContext cliContext, CommonOptions options, CommandSpec spec, String command) {
        this(cliContext, options, spec, command, false);
    }

    OperationExecution(
            CliContext cliContext, CommonOptions options, CommandSpec spec, String command, boolean heedsMaintenance) {
        this.heedsMaintenance = heedsMaintenance;
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
        this.command = command;
    }

    /** @param line the target as it was typed: cluster or cluster/group */
    OperationExecution of(String line) {
        target = line;
        return this;
    }

    /** @param line the command that undoes a run which cannot continue */
    public OperationExecution undoneBy(String line) {
        undoing = line;
        return this;
    }

    /** @param secrets generated before the first step, where they do not exist */
    public OperationExecution creating(List<SecretRef> secrets) {
        created = List.copyOf(secrets);
        return this;
    }

    /** Shows the decision and the planned steps; changes nothing. */
    public int print(Topology topology, List<Operation<?>> operations) {
        try (CliContext.Session session = cliContext.forLooking(topology, options.parallelism)) {
            List<Case> cases = decided(session.context(), topology, operations);
            Optional<Refusal> refused =
                    cases.stream().flatMap(c -> c.decided().refusal().stream()).findFirst();
            List<Runbook.Planned> plans =
                    refused.isPresent() ? List.of() : LoadedEstate.plan(runbooks(cases), session.context());
            Map<String, Object> data = ResultData.result(command + " --dry-run", topology.name());
            if (cases.size() == 1) {
                data.putAll(facts(cases.get(0)));
            } else {
                data.put(
                        "decisions",
                        cases.stream().map(OperationExecution::facts).toList());
            }
            data.put("stages", plans.stream().map(ResultData::of).toList());
            CommandOutput.result(spec, options, data, out -> {
                cases.forEach(c -> print(out, c));
                if (refused.isEmpty()) {
                    new PlanView(out, spec.commandLine().getColorScheme().ansi(), options.verbose)
                            .print(topology, plans);
                }
            });
            cases.forEach(c -> c.decided()
                    .refusal()
                    .ifPresent(r -> RefusalView.print(spec.commandLine().getErr(), r)));
            RefusalView.print(spec, plans);
            plans.stream()
                    .flatMap(p -> p.plan().missing().stream())
                    .distinct()
                    .forEach(m -> RefusalView.print(spec.commandLine().getErr(), "missing", m));
            return refused.or(() -> plans.stream()
                            .flatMap(p -> p.plan().refusals().stream())
                            .findFirst())
                    .map(r -> r.exit().code())
                    .orElse(ExitCode.DONE.code());
        }
    }

    /** @throws HoldfastException with the first refusal, before any change */
    public int perform(Topology topology, List<Operation<?>> operations) throws IOException {
        List<Runbook<?>> afterwards =
                operations.stream().flatMap(m -> m.afterwards().stream()).toList();
        ChangeExecution run = new ChangeExecution(cliContext, options, spec, command)
                .followedBy(afterwards)
                .creating(created);
        run.undoneBy(undoing);
        return run.carryOut(topology, context -> {
            List<Case> cases = decided(context, topology, operations);
            resuming(cases).ifPresent(run::resumedBy);
            cases.stream()
                    .flatMap(c -> c.decided().refusal().stream())
                    .findFirst()
                    .ifPresent(r -> {
                        throw new HoldfastException(r.exit(), r.where(), r.what(), r.hint(), r.code());
                    });
            announce(cases);
            if (options.yes) {
                return cases.stream().<Runbook<?>>map(Case::atOnce).toList();
            }
            List<Runbook<?>> runbooks = runbooks(cases);
            if (!LoadedEstate.plan(runbooks, context).stream()
                    .allMatch(p -> p.plan().isEmpty())) {
                ask(cases);
            }
            return runbooks;
        });
    }

    /** Names the member, so that a second run completes the first and does not move the role again. */
    private Optional<String> resuming(List<Case> cases) {
        return cases.stream()
                .filter(c -> cases.size() == 1 && target != null)
                .flatMap(c -> c.decided().to().stream())
                .map(to -> TypedCommand.of(spec) + (isNamed() ? "" : " --to " + to))
                .findFirst();
    }

    private boolean isNamed() {
        return spec.commandLine().getParseResult().hasMatchedOption("--to");
    }

    private void ask(List<Case> cases) {
        String sentences = cases.stream().map(c -> c.decided().sentence()).collect(Collectors.joining("; "));
        String question = cases.stream()
                .map(c -> c.decided().sentence() + " because " + c.decided().because())
                .collect(Collectors.joining("; "));
        Confirmation.yes(
                cliContext,
                spec,
                question + ". Continue?",
                new HoldfastException(
                        ExitCode.REFUSED,
                        cases.get(0).operation().runbook().cluster(),
                        sentences + " needs confirmation and there is no terminal. Nothing was changed",
                        "read the output of --dry-run, then run again with --yes"));
    }

    /** Observes the clusters and reads the maintenance records in parallel. */
    private List<Case> decided(ExecutionContext context, Topology topology, List<Operation<?>> operations) {
        List<MaintenanceMode> maintained = new ArrayList<>();
        List<Case> cases = new ArrayList<>();
        context.sideBySide(List.<Supplier<Boolean>>of(
                () -> cases.addAll(context.sideBySide(operations.stream()
                        .<Supplier<Case>>map(m -> () -> Case.of(m, context))
                        .toList())),
                () -> heedsMaintenance
                        && maintained.addAll(MaintenanceMode.look(
                                context,
                                operations.stream()
                                        .flatMap(m ->
                                                topology.cluster(m.runbook().cluster()).stream())
                                        .toList()))));
        return cases.stream()
                .map(c -> maintained.stream()
                        .filter(m -> m.cluster().equals(c.operation().runbook().cluster()))
                        .findFirst()
                        .map(c::paused)
                        .orElse(c))
                .toList();
    }

    private static Operation.Assessment paused(MaintenanceMode maintenance) {
        return new Operation.Assessment(
                "nothing is changed", maintenance.description(), Optional.of(maintenance.refusal()), Duration.ZERO);
    }

    private static List<Runbook<?>> runbooks(List<Case> cases) {
        return cases.stream().<Runbook<?>>map(c -> c.operation().runbook()).toList();
    }

    private static Map<String, Object> facts(Case one) {
        Operation.Assessment decided = one.decided();
        return ResultData.map(
                "cluster", one.operation().runbook().cluster(),
                "decision", decided.sentence(),
                "because", decided.because(),
                "code", decided.code().map(DecisionCode::word).orElse(null),
                "expected_write_pause_ms", decided.pause().toMillis(),
                "refusal", decided.refusal().map(ResultData::of).orElse(null));
    }

    private static void print(PrintWriter out, Case one) {
        Operation.Assessment decided = one.decided();
        out.println("decision: " + decided.sentence());
        out.println("because:  " + decided.because());
        decided.code().ifPresent(c -> out.println("code:     " + c));
        if (decided.refusal().isEmpty() && !decided.pause().isZero()) {
            out.println("expected write pause: about " + decided.pause().toMillis() + " ms");
        }
    }

    private void announce(List<Case> cases) {
        if (!options.quiet) {
            PrintWriter err = spec.commandLine().getErr();
            for (Case one : cases) {
                err.println("decision: " + one.decided().sentence());
                err.println("because:  " + one.decided().because());
                one.decided().code().ifPresent(c -> err.println("code:     " + c));
            }
            err.flush();
        }
    }
}
