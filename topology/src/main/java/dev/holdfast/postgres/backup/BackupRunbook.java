package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupType;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.ExitCode;
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
import dev.holdfast.postgres.state.UnrecordedPromotion;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The runbook that makes a base backup of the primary.
 *
 * <ol>
 *   <li>Refuse without a primary, with an unconfirmed one, with a failing archiver, and with a missing or full repository.
 *   <li>Make the base backup of the requested or due kind; pgBackRest waits for its WAL and expires old backups.
 * </ol>
 */
public final class BackupRunbook {

    private static final Duration COPYING = Duration.ofHours(24);
    /** A base backup may be 20 % larger than the last one of its kind. */
    private static final double GROWTH = 1.2;

    private final PostgresCluster cluster;
    private final RepositoryProbe probes;
    private final BackupScheduler schedule;
    private final BackupType kind;
    /** Time of the first probe of this run: a base backup that started since is the requested one. */
    private final AtomicReference<Instant> began = new AtomicReference<>();

    public BackupRunbook(Topology topology, PostgresCluster cluster, BackupType kind) {
        this.cluster = cluster;
        this.probes = new RepositoryProbe(topology, cluster);
        this.schedule = new BackupScheduler(cluster.repository().orElseThrow());
        this.kind = kind;
    }

    public Runbook<BackupState> runbook() {
        return new Runbook<>(
                cluster.name(),
                "make a base backup of " + cluster.name(),
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
            boolean isMade = state.repository().copies().stream()
                    .anyMatch(c -> !c.started().isBefore(began.get()));
            return isMade
                    ? Plan.NOTHING
                    : new Plan(List.of(), List.of(), List.of("no base backup of " + cluster.name() + " is due"));
        }
        return refusal(state, due.get().kind())
                .map(r -> Plan.refused(List.of(r)))
                .orElseGet(() -> Plan.of(List.of(copied(state, due.get()))));
    }

    private Optional<Due> due(BackupState state) {
        List<BaseBackup> copies = state.repository().copies();
        if (kind == BackupType.DUE) {
            return schedule.due(copies, state.at(), state.isStale());
        }
        // pgBackRest records whole seconds
        boolean isMade =
                copies.stream().anyMatch(c -> c.started().isAfter(began.get().minusSeconds(1)));
        String word = switch (kind) {
            case FULL -> "full";
            case DIFFERENTIAL -> "diff";
            default -> "incr";
        };
        return isMade ? Optional.empty() : Optional.of(new Due(word, "the operator requested this backup"));
    }

    private Optional<Refusal> refusal(BackupState state, String what) {
        return refusal(cluster, probes.archive().folder(), state).or(() -> diskSpaceRefusal(state, what));
    }

    static Optional<Refusal> refusal(PostgresCluster cluster, String folder, BackupState state) {
        if (state.now().primary().isEmpty()) {
            return Optional.of(new Refusal(
                    cluster.name(),
                    state.now()
                            .withoutPassword()
                            .map(w -> "the primary is unknown: " + w)
                            .orElse("no primary answers"),
                    "holdfast status names the reason and what to do"));
        }
        UnrecordedPromotion promotion = state.now().unrecorded();
        if (promotion.unseen().isPresent()) {
            return Optional.of(
                    new Refusal(cluster.name(), promotion.sentence(), promotion.referral(), ExitCode.UNREACHABLE));
        }
        if (!state.repository().trouble().isEmpty()
                || state.repository().system().isEmpty()) {
            String why = state.repository().trouble().isEmpty()
                    ? cluster.name() + " has no repository in " + folder
                    : "the repository " + folder + " cannot be read: "
                            + state.repository().trouble();
            return Optional.of(new Refusal(cluster.name(), why, "holdfast apply creates the repository"));
        }
        if (state.isFailing()) {
            return Optional.of(new Refusal(
                    state.now().primary().get().node().id(),
                    "the archiver fails at " + state.failed() + ": a base backup without its WAL cannot be restored"
                            + state.whyFailing(),
                    state.failingRemedy()));
        }
        return Optional.empty();
    }

    /** Returns the size of the last base backup of that kind, or of all databases when none exists. */
    private Optional<Refusal> diskSpaceRefusal(BackupState state, String what) {
        long size = state.databaseSize().orElse(0L);
        long needed = state.repository().copies().stream()
                .filter(c -> c.kind().equals(what))
                .reduce((one, later) -> later)
                .map(c -> (long) (c.added() * GROWTH))
                .orElse(size);
        if (state.repository().free() < 0 || state.repository().free() >= needed) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                cluster.name(),
                "the repository has " + state.repository().free() + " bytes free, and the base backup can need "
                        + needed,
                "free space in " + probes.archive().folder() + ", or shorten keep:"));
    }

    private Step copied(BackupState state, Due due) {
        return copied(cluster, probes, state, due);
    }

    public static Step copied(PostgresCluster cluster, RepositoryProbe probes, BackupState state, Due due) {
        Node primary = state.now().primary().orElseThrow().node();
        String before = state.newest().map(BaseBackup::label).orElse("");
        return Step.on(primary.id(), "Make " + word(due.kind()) + " base backup of " + primary.name())
                .because(due.because())
                .type(probes.archive().backup(primary, state.repository().system(), due.kind(), COPYING))
                .until(
                        new Condition("a newer base backup is in the repository", context -> {
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
