package dev.holdfast.cli.command;

import dev.holdfast.Catalogue;
import dev.holdfast.backup.Vault;
import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.files.SavedRun;
import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.Progress;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillRun;
import dev.holdfast.drill.Gates;
import dev.holdfast.drill.Scene;
import dev.holdfast.drill.Stage;
import dev.holdfast.drill.Witness;
import dev.holdfast.ledger.Judge;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload;
import dev.holdfast.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;

/** Runs a drill, once or many times: lock, ledger, witness, evidence, and how it ended. */
final class DrillRuns {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final int PAYLOAD = 128;
    /** A change of roles is brought to its end, and what was restored beside is removed. */
    private static final Duration LONGEST_MEND = Duration.ofMinutes(3);

    private static final int LATEST_BREAK_MILLIS = 3000;

    private final Desk desk;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final DrillCommand asked;

    DrillRuns(Desk desk, CommonOptions options, CommandSpec spec, DrillCommand asked) {
        this.desk = desk;
        this.options = options;
        this.spec = spec;
        this.asked = asked;
    }

    /** How one run ended; no report when it was refused. */
    private record Ended(int exit, Optional<Report> report) {}

    int run(Drill drill, Scene scene) throws IOException {
        if (asked.step && !desk.isTerminal()) {
            throw nobodyToAsk(drill.name());
        }
        agreed(drill, scene);
        Random chance = new Random(asked.seed == null ? Instant.now().toEpochMilli() : asked.seed);
        List<Ended> all = new ArrayList<>();
        for (int i = 0; i < asked.repeat; i++) {
            Duration later = asked.repeat == 1 && asked.seed == null
                    ? Duration.ZERO
                    : Duration.ofMillis(chance.nextInt(LATEST_BREAK_MILLIS));
            Ended ended = once(scene, drill, later);
            all.add(ended);
            if (ended.report().isEmpty()) {
                return ended.exit();
            }
        }
        if (all.size() > 1) {
            new DrillTold(options, spec)
                    .summary(
                            scene.topology().name(),
                            all.stream().flatMap(e -> e.report().stream()).toList());
        }
        return all.stream().mapToInt(Ended::exit).max().orElse(Exit.DONE.code());
    }

    /** Production asks for the estate's name, typed by a person: --yes does not stand for it. */
    private void agreed(Drill drill, Scene scene) {
        Trouble nobody = new Trouble(
                Exit.REFUSED,
                drill.name(),
                "a drill breaks " + scene.name() + " on purpose, and nobody to ask whether to do it",
                "look at holdfast drill show " + drill.name() + ", then run again with --yes");
        if (scene.topology().environment() == Environment.PRODUCTION) {
            String estate = scene.topology().name();
            if (estate.equals(asked.typed)) {
                return;
            }
            Question.typed(
                    desk,
                    spec,
                    "This is PRODUCTION. " + drill.story() + " This is done to " + scene.name()
                            + " now. Type the estate's name: ",
                    estate,
                    new Trouble(
                            Exit.REFUSED,
                            drill.name(),
                            "a drill in production asks for the estate's name, and there is nobody to type it",
                            "run it at a terminal, or give --estate " + estate + "; --yes does not stand for it"));
        } else if (!options.yes) {
            Question.yes(desk, spec, drill.story() + " This is done to " + scene.name() + " now. Go on?", nobody);
        }
    }

    private Ended once(Scene scene, Drill drill, Duration later) throws IOException {
        Instant began = Instant.now();
        Path ledgerPath = desk.folders().ledger(scene.topology().name(), "drill-" + drill.name(), began);
        List<Refusal> refusals;
        try (Progress progress = Told.progress(options, desk, spec.commandLine().getErr());
                LedgerFile ledger = new LedgerFile(ledgerPath, progress);
                Desk.Hands hands = desk.forChanging(scene.topology(), options.parallelism, ledger)) {
            hands.lockEverywhere("drill run " + drill.name());
            ledger.note(
                    Ledger.Kind.RUN_STARTED,
                    Data.map("command", "drill", "estate", scene.topology().name()));
            try (Witness witness = hands.witness(ledgerPath.getParent())) {
                Stage stage = new Stage(
                        hands.world(),
                        ledger,
                        witness,
                        scene,
                        drill,
                        workload(drill, scene),
                        question(),
                        began.plus(options.timeout));
                refusals = guarded(
                        new DrillRun(stage, new Gates(scene.topology().drills().enrolled(), DrillRuns::vault), later));
            }
            ledger.note(
                    Ledger.Kind.RUN_ENDED,
                    Data.map("refused", !refusals.isEmpty(), "sealed", SavedRun.seals(ledgerPath.getParent())));
            progress.finish();
        }
        if (!refusals.isEmpty()) {
            refusals.forEach(r -> Refusals.print(spec.commandLine().getErr(), r));
            spec.commandLine().getErr().flush();
            return new Ended(Exit.REFUSED.code(), Optional.empty());
        }
        return judged(SavedRun.read(ledgerPath));
    }

    private Ended judged(SavedRun saved) throws IOException {
        List<Verdict> verdicts = Judge.judge(Catalogue.checks(), saved.evidence());
        Report report = Reports.of(saved, verdicts);
        Reports.write(report, saved.folder(), asked.out);
        Reports.tell(spec, options, report, saved.folder());
        return new Ended(report.exit(), Optional.of(report));
    }

    static Optional<Vault> vault(Cluster cluster) {
        return Estate.engine(cluster) instanceof Vault vault ? Optional.of(vault) : Optional.empty();
    }

    private Workload workload(Drill drill, Scene scene) {
        List<Workload.Stream> streams = scene.streams();
        OptionalInt rate = asked.rate == null ? drill.circumstances().rate() : OptionalInt.of(asked.rate);
        String run = Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
        return new Workload(
                run,
                rate.isEmpty()
                        ? streams
                        : streams.stream()
                                .map(s -> s.pace(rate.getAsInt(), Math.max(s.lanes(), rate.getAsInt() / 100)))
                                .toList(),
                DEADLINE,
                PAYLOAD,
                drill.circumstances().own());
    }

    private Predicate<String> question() {
        return act -> !asked.step || Question.agreed(desk, spec, "next: " + act + ". Go on?", nobodyToAsk(act));
    }

    private static Trouble nobodyToAsk(String about) {
        return new Trouble(Exit.REFUSED, about, "--step asks before each act, and nobody to ask", "run without --step");
    }

    /** Ctrl-C asks the drill to stop and waits for its mends; the JVM then ends with 130. */
    private static List<Refusal> guarded(DrillRun run) {
        return StopOnSignal.during(run::interrupt, LONGEST_MEND, run::run);
    }
}
