package dev.holdfast.drill.scenario;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupProvider;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.drill.Scenario;
import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.engine.Operation;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Brings a moment back beside the running servers while clients write, and reads what is there.
 *
 * <ol>
 *   <li>Clients write so many writes more; how many is chosen at random.
 *   <li>The servers are asked for the moment of now, and the witness's clock is read before and after: {@code moment from}
 *       and {@code moment until}. What was acknowledged before the one must be in it, what began after the other must not.
 *   <li>Clients write on. What is not archived yet is noted: the loss, had everything but the repository been lost now.
 *   <li>The restore that an operator has brings it back beside, all clusters at once: {@code break} when it begins,
 *       {@code restored} when all are open and verified; each act of it is a phase.
 *   <li>Every stream is read from the restored servers, as {@link #NAME}; then they are discarded.
 * </ol>
 *
 * Invariants: nothing of the running estate is changed but that it archives; what was made beside is discarded whatever
 * happened.
 */
public final class PointInTimeRestoreScenario implements Scenario {

    /** By this name the record keeps what was read of the restored servers. */
    static final String NAME = "restored";

    public static final List<String> CLAIMS = List.of(
            "moment-exact",
            "brought-back",
            "nothing-lost",
            "nothing-invented",
            "others-untouched",
            "loss-within-objective",
            "ends-whole");

    private static final String LABEL = "drill-";
    private static final int MOST_WRITES = 400;
    private static final Duration AFTERWARDS = Duration.ofSeconds(3);

    @Override
    public List<String> sentences() {
        return List.of(
                "restore: a moment between two acknowledged writes, chosen at random, is brought back beside the "
                        + "running servers, read, and discarded");
    }

    @Override
    public String whom() {
        return "nobody: scratch servers beside the running ones";
    }

    @Override
    public String byWhom() {
        return "holdfast restore, as an operator would";
    }

    static Optional<BackupProvider> vault(DrillGroup site) {
        return site.engine() instanceof BackupProvider vault
                        && site.cluster().precaution().isPresent()
                ? Optional.of(vault)
                : Optional.empty();
    }

    @Override
    public List<Refusal> refusals(DrillContext stage, EstateState seen) {
        return stage.scene().clusters().stream()
                .flatMap(s -> refusal(stage, s).stream())
                .toList();
    }

    private static Optional<Refusal> refusal(DrillContext stage, DrillGroup site) {
        String name = site.cluster().name();
        Optional<BackupInventory> held =
                vault(site).map(v -> v.holdings(stage.world(), site.topology(), site.cluster()));
        if (held.isEmpty() || held.get().backups().isEmpty()) {
            return Optional.of(new Refusal(
                    name,
                    "gate backup: " + (held.isEmpty() ? "no backup is declared" : "there is no base copy yet"),
                    held.isEmpty() ? "declare backup: for it" : "holdfast backup run " + name));
        }
        return held.get().findings().stream()
                .findFirst()
                .map(f -> new Refusal(name, "gate archive: " + f.where() + ": " + f.what(), f.hint()));
    }

    @Override
    public ClientImpact felt(DrillScope scene, EstateState seen, Stream stream) {
        return ClientImpact.NOTHING;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scene) {
        return List.of();
    }

    @Override
    public void run(DrillContext stage) {
        if (!stage.next("choose a moment")) {
            return;
        }
        EstateState seen = stage.look();
        writeOn(stage);
        Optional<ChosenRecoveryTarget> chosen =
                ChosenRecoveryTarget.of(stage, seen, stage.scene().clusters());
        if (chosen.isEmpty()) {
            stage.mark("not restored", "no server told the moment, or not all of them");
            return;
        }
        RecoveryTarget moment = chosen.get().moment();
        stage.markAt("moment from", chosen.get().from(), moment.shown());
        stage.markAt("moment until", chosen.get().until(), moment.shown());
        stage.wait(AFTERWARDS);
        restore(stage, moment);
    }

    /** Repeatable only as far as clients are: the number is drawn from the run's own name. */
    private static void writeOn(DrillContext stage) {
        int more = 1 + new Random(stage.workload().run().hashCode()).nextInt(MOST_WRITES);
        long goal = acknowledged(stage) + more;
        stage.await(DrillContext.longest(), () -> acknowledged(stage) >= goal);
    }

    private static long acknowledged(DrillContext stage) {
        return stage.witness().tallies().stream()
                .mapToLong(LoadGenerator.Counts::acknowledged)
                .sum();
    }

    private static void restore(DrillContext stage, RecoveryTarget moment) {
        List<DrillGroup> sites = stage.scene().clusters();
        sites.forEach(site -> tellWaiting(stage, site));
        if (!stage.next("restore")) {
            return;
        }
        stage.mark("break", "the restore to " + moment.shown() + " begins");
        List<Operation<?>> maneuvers = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        sites.forEach(site -> maneuvers.add(decided(stage, site, moment, failures)));
        stage.mark("phase", "decide");
        if (failures.isEmpty()) {
            failures.addAll(carriedOut(stage, maneuvers));
        }
        if (!failures.isEmpty()) {
            stage.mark("not restored", String.join("; ", failures));
            return;
        }
        stage.mark("restored", moment.shown());
        sites.forEach(site -> read(stage, site));
        boolean isGone = discard(stage);
        stage.mark(isGone ? "discarded" : "not discarded", label(stage));
    }

    /** The restore that is not refused any more, or the last refusal: the archive may need a while to have the moment. */
    private static Operation<?> decided(
            DrillContext stage, DrillGroup site, RecoveryTarget moment, List<String> failures) {
        RestoreRequest order = new RestoreRequest(moment, new RestoreRequest.Beside(label(stage)), Set.of());
        Operation<?>[] maneuver = new Operation<?>[1];
        Operation.Assessment[] decision = new Operation.Assessment[1];
        stage.await(DrillContext.longest(), () -> {
            // what a maneuver has found once it keeps: what was archived since is found by another
            maneuver[0] = vault(site).orElseThrow().restore(site.topology(), site.cluster(), order);
            decision[0] = maneuver[0].decide(stage.world());
            return decision[0].refusal().isEmpty();
        });
        stage.note("decided: " + decision[0].sentence() + ", because " + decision[0].because());
        decision[0].refusal().ifPresent(r -> failures.add(r.what()));
        return maneuver[0];
    }

    private static List<String> carriedOut(DrillContext stage, List<Operation<?>> maneuvers) {
        List<String> failures = new ArrayList<>();
        List<Runbook<?>> books =
                maneuvers.stream().<Runbook<?>>map(Operation::book).toList();
        for (RunbookRunner.Outcome outcome : stage.carryOut(books)) {
            failures.addAll(outcome.failures());
            outcome.refusals().forEach(r -> failures.add(r.what()));
            if (!outcome.isDone() && failures.isEmpty()) {
                failures.add("it ended with " + outcome.exit());
            }
        }
        return failures;
    }

    private static void tellWaiting(DrillContext stage, DrillGroup site) {
        Map<String, Object> facts = new LinkedHashMap<>();
        Optional<BackupInventory.ArchiveLag> waiting = vault(site)
                .flatMap(v -> v.holdings(stage.world(), site.topology(), site.cluster())
                        .waiting());
        facts.put("cluster", site.cluster().name());
        facts.put(
                "note",
                site.cluster().name() + ": "
                        + waiting.map(w -> w.bytes() + " bytes of " + w.seconds() + " s are not archived yet")
                                .orElse("what is not archived yet cannot be told"));
        waiting.ifPresent(w -> {
            facts.put("waiting_bytes", w.bytes());
            facts.put("waiting_seconds", w.seconds());
        });
        stage.ledger().note(Kind.NOTED, facts);
    }

    private static void read(DrillContext stage, DrillGroup site) {
        Map<String, Node> beside =
                vault(site).orElseThrow().beside(stage.world(), site.topology(), site.cluster(), label(stage));
        List<Stream> streams = stage.workload().streams();
        for (int i = 0; i < streams.size(); i++) {
            Node node = beside.get(streams.get(i).group());
            if (node == null || !streams.get(i).cluster().equals(site.cluster().name())) {
                continue;
            }
            try {
                stage.readAside(NAME, i, node);
            } catch (HoldfastException unread) {
                stage.note(streams.get(i).name() + " could not be read from " + node.id() + ": " + unread.getMessage());
            }
        }
    }

    /** Whether a restore beside of this label was made by a drill. */
    static boolean isLabel(String label) {
        return label.startsWith(LABEL);
    }

    private static String label(DrillContext stage) {
        return LABEL + stage.workload().run();
    }

    private static boolean discard(DrillContext stage) {
        List<Runbook<?>> books = new ArrayList<>();
        for (DrillGroup site : stage.scene().clusters()) {
            vault(site).ifPresent(v -> books.add(v.discard(site.topology(), site.cluster(), label(stage))));
        }
        return stage.finish(books).stream().allMatch(RunbookRunner.Outcome::isDone);
    }

    /** Nothing is there any more when all went well. */
    @Override
    public void end(DrillContext stage) {
        discard(stage);
    }
}
