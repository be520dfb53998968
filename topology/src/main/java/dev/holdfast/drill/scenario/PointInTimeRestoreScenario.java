package dev.holdfast.drill.scenario;

import dev.holdfast.backup.BackupInventory;
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
import dev.holdfast.plan.RunbookOutcome;
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
 * Restores side by side to a recovery target while clients write, and reads the result.
 *
 * <ol>
 *   <li>Clients write a random number of further writes.
 *   <li>The servers report their current position, and the load generator's clock is read before and after: {@code moment from}
 *       and {@code moment until}. Writes acknowledged before must be restored, writes begun after must not.
 *   <li>Clients continue. What is not archived yet is noted: the loss if only the repository survived now.
 *   <li>The same restore that an operator uses runs side by side, for all clusters in parallel: {@code break} when it begins,
 *       {@code restored} when all are open and verified; each of its stages is a phase.
 *   <li>Every stream is read from the restored servers, as {@link #NAME}; then these are discarded.
 * </ol>
 *
 * Invariants: nothing of the running estate changes except its archive; the restored servers are discarded in every
 * case.
 */
public final class PointInTimeRestoreScenario implements Scenario {

    /** The name under which the record keeps what was read from the restored servers. */
    static final String NAME = "restored";

    public static final List<String> CLAIMS = List.of(
            "recovery-target-exact",
            "restore-completed",
            "no-acknowledged-write-lost",
            "no-unexpected-writes",
            "other-clients-unaffected",
            "loss-within-rpo",
            "estate-healthy");

    private static final String LABEL = "drill-";
    private static final int MOST_WRITES = 400;
    private static final Duration AFTERWARDS = Duration.ofSeconds(3);

    @Override
    public List<String> sentences() {
        return List.of(
                "restore: the servers are restored side by side to a random recovery target between two acknowledged "
                        + "writes, read, and discarded");
    }

    @Override
    public String target() {
        return "none: only scratch servers next to the running ones";
    }

    @Override
    public String recoveredBy() {
        return "holdfast restore, as an operator runs it";
    }

    @Override
    public List<Refusal> refusals(DrillContext drillContext, EstateState state) {
        return drillContext.scope().clusters().stream()
                .flatMap(s -> refusal(drillContext, s).stream())
                .toList();
    }

    private static Optional<Refusal> refusal(DrillContext drillContext, DrillGroup drillGroup) {
        String name = drillGroup.cluster().name();
        Optional<BackupInventory> held = drillGroup
                .backups()
                .map(v -> v.inventory(drillContext.context(), drillGroup.topology(), drillGroup.cluster()));
        if (held.isEmpty() || held.get().backups().isEmpty()) {
            return Optional.of(new Refusal(
                    name,
                    "gate backup: " + (held.isEmpty() ? "no backup is declared" : "there is no base backup yet"),
                    held.isEmpty() ? "declare backup: for the cluster" : "holdfast backup run " + name));
        }
        return held.get().findings().stream()
                .findFirst()
                .map(f -> new Refusal(name, "gate archive: " + f.where() + ": " + f.what(), f.hint()));
    }

    @Override
    public ClientImpact clientImpact(DrillScope scope, EstateState state, Stream stream) {
        return ClientImpact.NOTHING;
    }

    @Override
    public List<RecoveryTerm> predicted(DrillScope scope) {
        return List.of();
    }

    @Override
    public void run(DrillContext drillContext) {
        if (!drillContext.next("choose a recovery target")) {
            return;
        }
        EstateState state = drillContext.look();
        writeOn(drillContext);
        Optional<ChosenRecoveryTarget> chosen = ChosenRecoveryTarget.of(
                drillContext, state, drillContext.scope().clusters());
        if (chosen.isEmpty()) {
            drillContext.mark("not restored", "not every server reported its position");
            return;
        }
        RecoveryTarget moment = chosen.get().moment();
        drillContext.markAt("target from", chosen.get().from(), moment.shown());
        drillContext.markAt("target until", chosen.get().until(), moment.shown());
        drillContext.wait(AFTERWARDS);
        restore(drillContext, moment);
    }

    /** Repeatable as far as the clients are: the number derives from the run's name. */
    private static void writeOn(DrillContext drillContext) {
        int more = 1 + new Random(drillContext.workload().run().hashCode()).nextInt(MOST_WRITES);
        long goal = acknowledged(drillContext) + more;
        drillContext.await(DrillContext.longest(), () -> acknowledged(drillContext) >= goal);
    }

    private static long acknowledged(DrillContext drillContext) {
        return drillContext.loadGenerator().tallies().stream()
                .mapToLong(LoadGenerator.Counts::acknowledged)
                .sum();
    }

    private static void restore(DrillContext drillContext, RecoveryTarget moment) {
        List<DrillGroup> drillGroups = drillContext.scope().clusters();
        drillGroups.forEach(drillGroup -> reportWaiting(drillContext, drillGroup));
        if (!drillContext.next("restore")) {
            return;
        }
        drillContext.mark("fault", "the restore to " + moment.shown() + " begins");
        List<Operation<?>> operations = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        drillGroups.forEach(drillGroup -> operations.add(decided(drillContext, drillGroup, moment, failures)));
        drillContext.mark("phase", "decide");
        if (failures.isEmpty()) {
            failures.addAll(carriedOut(drillContext, operations));
        }
        if (!failures.isEmpty()) {
            drillContext.mark("not restored", String.join("; ", failures));
            return;
        }
        drillContext.mark("restored", moment.shown());
        drillGroups.forEach(drillGroup -> read(drillContext, drillGroup));
        boolean isGone = discard(drillContext);
        drillContext.mark(isGone ? "discarded" : "not discarded", label(drillContext));
    }

    /** Returns the first decision that is not a refusal, or the last refusal: the archive can need time to reach the target. */
    private static Operation<?> decided(
            DrillContext drillContext, DrillGroup drillGroup, RecoveryTarget moment, List<String> failures) {
        RestoreRequest request =
                new RestoreRequest(moment, new RestoreRequest.SideBySide(label(drillContext)), Set.of());
        Operation<?>[] operation = new Operation<?>[1];
        Operation.Assessment[] decision = new Operation.Assessment[1];
        drillContext.await(DrillContext.longest(), () -> {
            // an operation keeps its first observation of the archive; a new operation observes what was archived since
            operation[0] =
                    drillGroup.backups().orElseThrow().restore(drillGroup.topology(), drillGroup.cluster(), request);
            decision[0] = operation[0].decide(drillContext.context());
            return decision[0].refusal().isEmpty();
        });
        drillContext.note("decided: " + decision[0].sentence() + ", because " + decision[0].because());
        decision[0].refusal().ifPresent(r -> failures.add(r.what()));
        return operation[0];
    }

    private static List<String> carriedOut(DrillContext drillContext, List<Operation<?>> operations) {
        List<String> failures = new ArrayList<>();
        List<Runbook<?>> runbooks =
                operations.stream().<Runbook<?>>map(Operation::runbook).toList();
        for (RunbookOutcome outcome : drillContext.carryOut(runbooks)) {
            failures.addAll(outcome.failures());
            outcome.refusals().forEach(r -> failures.add(r.what()));
            if (!outcome.isDone() && failures.isEmpty()) {
                failures.add("the restore ended with " + outcome.exit());
            }
        }
        return failures;
    }

    private static void reportWaiting(DrillContext drillContext, DrillGroup drillGroup) {
        Map<String, Object> facts = new LinkedHashMap<>();
        Optional<BackupInventory.ArchiveLag> waiting = drillGroup
                .backups()
                .flatMap(v -> v.inventory(drillContext.context(), drillGroup.topology(), drillGroup.cluster())
                        .waiting());
        facts.put("cluster", drillGroup.cluster().name());
        facts.put(
                "note",
                drillGroup.cluster().name() + ": "
                        + waiting.map(w -> w.bytes() + " bytes of " + w.seconds() + " s are not archived yet")
                                .orElse("the amount that is not archived yet is unknown"));
        waiting.ifPresent(w -> {
            facts.put("waiting_bytes", w.bytes());
            facts.put("waiting_seconds", w.seconds());
        });
        drillContext.ledger().note(Kind.NOTED, facts);
    }

    private static void read(DrillContext drillContext, DrillGroup drillGroup) {
        Map<String, Node> scratchNodes = drillGroup
                .backups()
                .orElseThrow()
                .scratchNodes(drillContext.context(), drillGroup.topology(), drillGroup.cluster(), label(drillContext));
        List<Stream> streams = drillContext.workload().streams();
        for (int i = 0; i < streams.size(); i++) {
            Node node = scratchNodes.get(streams.get(i).group());
            if (node == null
                    || !streams.get(i).cluster().equals(drillGroup.cluster().name())) {
                continue;
            }
            try {
                drillContext.readAside(NAME, i, node);
            } catch (HoldfastException unread) {
                drillContext.note(
                        streams.get(i).name() + " could not be read from " + node.id() + ": " + unread.getMessage());
            }
        }
    }

    /** Whether a side-by-side restore with this label was made by a drill. */
    static boolean isLabel(String label) {
        return label.startsWith(LABEL);
    }

    private static String label(DrillContext drillContext) {
        return LABEL + drillContext.workload().run();
    }

    private static boolean discard(DrillContext drillContext) {
        List<Runbook<?>> runbooks = new ArrayList<>();
        for (DrillGroup drillGroup : drillContext.scope().clusters()) {
            drillGroup
                    .backups()
                    .ifPresent(v ->
                            runbooks.add(v.discard(drillGroup.topology(), drillGroup.cluster(), label(drillContext))));
        }
        return drillContext.finish(runbooks).stream().allMatch(RunbookOutcome::isDone);
    }

    /** Discards what is left; after a successful run nothing is. */
    @Override
    public void end(DrillContext drillContext) {
        discard(drillContext);
    }
}
