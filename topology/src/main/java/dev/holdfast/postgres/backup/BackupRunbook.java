package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupType;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.backup.BackupScheduler.Due;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes a base copy of the primary.
 *
 * <ol>
 *   <li>Refuse: no primary, an archiver that fails, a repository that is not there or has too little room.
 *   <li>The copy, of the kind that was asked for or is due; pgBackRest waits for its log and forgets what is too old.
 * </ol>
 */
public final class BackupRunbook {

    private static final Duration COPYING = Duration.ofHours(24);
    /** A copy may be a fifth larger than the last one of its kind. */
    private static final double GROWTH = 1.2;

    private final PostgresCluster cluster;
    private final RepositoryProbe probes;
    private final BackupScheduler schedule;
    private final BackupType kind;
    /** When this run looked first: a copy that was begun since is the one that was asked for. */
    private final AtomicReference<Instant> began = new AtomicReference<>();

    public BackupRunbook(Topology topology, PostgresCluster cluster, BackupType kind) {
        this.cluster = cluster;
        this.probes = new RepositoryProbe(topology, cluster);
        this.schedule = new BackupScheduler(BackupRepository.of(cluster).orElseThrow());
        this.kind = kind;
    }

    public Runbook<BackupState> book() {
        return new Runbook<>(
                cluster.name(),
                "make a base copy of " + cluster.name(),
                this::look,
                List.of(new Stage<>("backup", this::plan)));
    }

    private BackupState look(ExecutionContext context) {
        BackupState state = probes.look(context);
        began.compareAndSet(null, state.at());
        return state;
    }

    private Plan plan(BackupState state) {
        Optional<Due> due = due(state);
        if (due.isEmpty()) {
            return new Plan(List.of(), List.of(), List.of("no base copy of " + cluster.name() + " is due"));
        }
        return refusal(state, due.get().kind())
                .map(r -> Plan.refused(List.of(r)))
                .orElseGet(() -> Plan.of(List.of(copied(state, due.get()))));
    }

    private Optional<Due> due(BackupState state) {
        List<BaseBackup> copies = state.shelf().copies();
        if (kind == BackupType.DUE) {
            return schedule.due(copies, state.at(), state.isStale());
        }
        // the catalogue knows whole seconds
        boolean isMade =
                copies.stream().anyMatch(c -> c.started().isAfter(began.get().minusSeconds(1)));
        String word = switch (kind) {
            case FULL -> "full";
            case DIFFERENTIAL -> "diff";
            default -> "incr";
        };
        return isMade ? Optional.empty() : Optional.of(new Due(word, "it was asked for"));
    }

    private Optional<Refusal> refusal(BackupState state, String what) {
        return refusal(cluster, probes.archive().folder(), state).or(() -> diskSpaceRefusal(state, what));
    }

    static Optional<Refusal> refusal(PostgresCluster cluster, String folder, BackupState state) {
        if (state.now().primary().isEmpty()) {
            return Optional.of(new Refusal(cluster.name(), "no primary answers", "see holdfast status"));
        }
        if (!state.shelf().trouble().isEmpty() || state.shelf().system().isEmpty()) {
            String why = state.shelf().trouble().isEmpty()
                    ? "there is no repository of " + cluster.name() + " in " + folder
                    : "the repository " + folder + " cannot be read: "
                            + state.shelf().trouble();
            return Optional.of(new Refusal(cluster.name(), why, "holdfast apply makes it"));
        }
        if (state.isFailing()) {
            return Optional.of(new Refusal(
                    state.now().primary().get().node().id(),
                    "its archiver fails at " + state.failed() + ": a copy without its log is of no use",
                    "look at its log; holdfast apply takes a wrong archive_command back"));
        }
        return Optional.empty();
    }

    /** What the last copy of that kind took, or all of the database when there was none. */
    private Optional<Refusal> diskSpaceRefusal(BackupState state, String what) {
        long size = state.databaseSize().orElse(0L);
        long needed = state.shelf().copies().stream()
                .filter(c -> c.kind().equals(what))
                .reduce((one, later) -> later)
                .map(c -> (long) (c.added() * GROWTH))
                .orElse(size);
        if (state.shelf().free() < 0 || state.shelf().free() >= needed) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                cluster.name(),
                "the repository has " + state.shelf().free() + " bytes free, and the copy may take " + needed,
                "make room in " + probes.archive().folder() + ", or shorten keep:"));
    }

    private Step copied(BackupState state, Due due) {
        return copied(cluster, probes, state, due);
    }

    public static Step copied(PostgresCluster cluster, RepositoryProbe probes, BackupState state, Due due) {
        Node primary = state.now().primary().orElseThrow().node();
        String before = state.newest().map(BaseBackup::label).orElse("");
        return Step.on(primary.id(), "Make " + word(due.kind()) + " base copy of " + primary.name())
                .because(due.because())
                .type(probes.archive().backup(primary, state.shelf().system(), due.kind(), COPYING))
                .until(
                        new Condition("a newer base copy is in the repository", context -> {
                            String now = probes.look(context)
                                    .newest()
                                    .map(BaseBackup::label)
                                    .orElse("");
                            return new ProbeResult(
                                    !now.equals(before), now.isEmpty() ? "none" : "the newest is " + now);
                        }),
                        COPYING);
    }

    private static String word(String kind) {
        return switch (kind) {
            case "diff" -> "a differential";
            case "incr" -> "an incremental";
            default -> "a " + kind;
        };
    }
}
