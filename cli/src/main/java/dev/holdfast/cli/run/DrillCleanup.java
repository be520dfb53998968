package dev.holdfast.cli.run;

import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.view.ProgressReporter;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.drill.fault.HostFaults;
import dev.holdfast.drill.scenario.LeftoverRestores;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Undoes what drills have left because their CLI ended early: executes every revert on record on the estate's hosts, and
 * removes side-by-side restores.
 */
public final class DrillCleanup {

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;

    private final List<String> reverted = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    public DrillCleanup(CliContext cliContext, CommonOptions options, CommandSpec spec) {
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
    }

    public int of(Topology topology) throws IOException {
        Instant began = Instant.now();
        Path path = cliContext.folders().ledger(topology.name(), "cleanup", began);
        try (LedgerFile ledger = new LedgerFile(path, ProgressReporter.none());
                CliContext.Session session = cliContext.forChanging(topology, options.parallelism, ledger, false)) {
            Map<String, String> unreached = new TreeMap<>();
            session.lock("drill cleanup").forEach(u -> unreached.put(u.host(), u.why()));
            ledger.note(Ledger.Kind.RUN_STARTED, ResultData.map("command", "drill cleanup", "estate", topology.name()));
            HostFaults breaks = new HostFaults(session.context());
            HostFaults.Records records = breaks.recorded(topology);
            records.unreached().forEach(unreached::putIfAbsent);
            records.all()
                    .forEach(r -> sort(
                            reverted,
                            r.description() + " on " + r.host().name(),
                            breaks.revert(r).isOk()));
            LeftoverRestores leftovers = new LeftoverRestores(topology, DrillExecution::backupProvider);
            LeftoverRestores.Observed observed = leftovers.look(session.context(), topology.clusters());
            observed.unreached().forEach(unreached::putIfAbsent);
            List<LeftoverRestores.Left> left = observed.left();
            RunbookRunner runner = new RunbookRunner(
                    session.context(), ledger, began.plus(options.timeout), options.timeout, options.hasTimeout(spec));
            List<RunbookOutcome> outcomes =
                    runner.run(left.stream().<Runbook<?>>map(leftovers::discard).toList());
            for (int i = 0; i < left.size(); i++) {
                sort(removed, left.get(i).description(), outcomes.get(i).isDone());
            }
            ExitCode exit = !failed.isEmpty()
                    ? ExitCode.INCOMPLETE
                    : unreached.isEmpty() ? ExitCode.DONE : ExitCode.UNREACHABLE;
            ledger.note(Ledger.Kind.RUN_ENDED, ResultData.map("exit", exit.code()));
            exit = exit == ExitCode.DONE && ledger.failure().isPresent() ? ExitCode.INCOMPLETE : exit;
            CommandOutput.incomplete(spec.commandLine().getErr(), ledger);
            print(topology, unreached, path);
            return exit.code();
        }
    }

    private void sort(List<String> done, String description, boolean isDone) {
        (isDone ? done : failed).add(description);
    }

    private void print(Topology topology, Map<String, String> unreached, Path ledger) {
        var data = ResultData.result("drill cleanup", topology.name());
        data.put("reverted", reverted);
        data.put("removed", removed);
        data.put("failed", failed);
        data.put("unreachable", List.copyOf(unreached.keySet()));
        data.put("ledger", ledger.toString());
        CommandOutput.result(spec, options, data, to -> {
            reverted.forEach(m -> to.println("reverted: " + m));
            removed.forEach(r -> to.println("removed: " + r));
            failed.forEach(f -> to.println("NOT undone: " + f));
            unreached.forEach((host, why) -> to.println("not reached: host " + host + " does not answer: " + why));
            if (reverted.isEmpty() && removed.isEmpty() && failed.isEmpty() && unreached.isEmpty()) {
                to.println("Estate " + topology.name() + ": no fault of a drill is active.");
            }
            to.println("Ledger: " + ledger);
        });
    }
}
