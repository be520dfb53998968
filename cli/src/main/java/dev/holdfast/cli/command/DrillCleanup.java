package dev.holdfast.cli.command;

import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.Progress;
import dev.holdfast.drill.Breaks;
import dev.holdfast.drill.Leftovers;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Undoes what drills have left whose CLI was ended without them: says every mend that is on record on the estate's hosts,
 * and removes what was restored beside the running servers.
 */
final class DrillCleanup {

    private final Desk desk;
    private final CommonOptions options;
    private final CommandSpec spec;

    private final List<String> mended = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    DrillCleanup(Desk desk, CommonOptions options, CommandSpec spec) {
        this.desk = desk;
        this.options = options;
        this.spec = spec;
    }

    int of(Topology topology) throws IOException {
        Instant began = Instant.now();
        Path path = desk.folders().ledger(topology.name(), "cleanup", began);
        try (LedgerFile ledger = new LedgerFile(path, Progress.none());
                Desk.Hands hands = desk.forChanging(topology, options.parallelism, ledger)) {
            List<Desk.Unreached> unreached = hands.lock("drill cleanup");
            ledger.note(Ledger.Kind.RUN_STARTED, Data.map("command", "drill cleanup", "estate", topology.name()));
            Breaks breaks = new Breaks(hands.world());
            breaks.recorded(topology)
                    .forEach(r -> sort(
                            mended,
                            r.story() + " on " + r.host().name(),
                            breaks.mend(r).isOk()));
            Leftovers leftovers = new Leftovers(topology, DrillRuns::vault);
            List<Leftovers.Left> left = leftovers.look(hands.world(), topology.clusters());
            Runner runner = new Runner(hands.world(), ledger, began.plus(options.timeout));
            List<Runner.Outcome> outcomes =
                    runner.run(left.stream().<Runbook<?>>map(leftovers::discard).toList());
            for (int i = 0; i < left.size(); i++) {
                sort(removed, left.get(i).story(), outcomes.get(i).isDone());
            }
            Exit exit = !failed.isEmpty() ? Exit.INCOMPLETE : unreached.isEmpty() ? Exit.DONE : Exit.UNREACHABLE;
            ledger.note(Ledger.Kind.RUN_ENDED, Data.map("exit", exit.code()));
            tell(topology, unreached, path);
            return exit.code();
        }
    }

    private void sort(List<String> done, String story, boolean isDone) {
        (isDone ? done : failed).add(story);
    }

    private void tell(Topology topology, List<Desk.Unreached> unreached, Path ledger) {
        var data = Data.result("drill cleanup", topology.name());
        data.put("mended", mended);
        data.put("removed", removed);
        data.put("failed", failed);
        data.put("unreached", unreached.stream().map(Desk.Unreached::host).toList());
        data.put("ledger", ledger.toString());
        Told.result(spec, options, data, to -> {
            mended.forEach(m -> to.println("mended: " + m));
            removed.forEach(r -> to.println("removed: " + r));
            failed.forEach(f -> to.println("NOT undone: " + f));
            unreached.forEach(u -> to.println("not asked: host " + u.host() + " does not answer: " + u.why()));
            if (mended.isEmpty() && removed.isEmpty() && failed.isEmpty() && unreached.isEmpty()) {
                to.println("Estate " + topology.name() + ": nothing is broken on purpose.");
            }
            to.println("Ledger: " + ledger);
        });
    }
}
