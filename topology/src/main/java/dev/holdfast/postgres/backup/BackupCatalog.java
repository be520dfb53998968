package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupInventory.ArchiveLag;
import dev.holdfast.backup.BackupInventory.Backup;
import dev.holdfast.backup.BackupInventory.Finding;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contents of a cluster's backup repository, and their verification. */
public final class BackupCatalog {

    private final PostgresCluster cluster;
    private final RepositoryProbe probes;
    private final BackupRepository declared;

    public BackupCatalog(Topology topology, PostgresCluster cluster) {
        this.cluster = cluster;
        this.probes = new RepositoryProbe(topology, cluster);
        this.declared = cluster.repository().orElseThrow();
    }

    /** The primary's clock in microseconds, because commit times come from this clock. */
    public static Optional<RecoveryTarget> now(ExecutionContext context, PostgresCluster cluster, Node primary) {
        ActionResult answer = context.ask(new Action.RunSql(
                primary,
                PostgresCredentials.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/clock.sql"),
                Access.LOOK,
                ClusterProbe.SOON));
        return answer.isOk() && answer.row().get("now") != null
                ? Optional.of(new RecoveryTarget.Time(
                        Instant.parse(answer.row().get("now").toString())))
                : Optional.empty();
    }

    public BackupInventory inventory(ExecutionContext context) {
        BackupState state = read(context);
        return held(context, state, new ArrayList<>());
    }

    private BackupState read(ExecutionContext context) {
        BackupState state = probes.look(context);
        if (!state.repository().trouble().isEmpty()) {
            throw new HoldfastException(
                    ExitCode.UNREACHABLE,
                    cluster.name(),
                    "the repository " + probes.archive().folder() + " cannot be read: "
                            + state.repository().trouble(),
                    "make a host of " + cluster.name() + " answer that reaches the directory");
        }
        return state;
    }

    /** @param findings known problems; the method adds further ones */
    BackupInventory held(ExecutionContext context, BackupState state, List<Finding> findings) {
        RepositoryState repository = state.repository();
        state.holes()
                .forEach(h -> findings.add(new Finding(
                        repository.system() + "/" + h.description(),
                        "missing in the archive: no time between this segment and the next base backup can be restored",
                        "search pg_wal of every member and archive the segment manually, or make a full backup now")));
        if (repository.copies().isEmpty()) {
            findings.add(new Finding(
                    cluster.name(), "no base backup exists", "holdfast backup run " + cluster.name() + " makes one"));
        } else if (state.stretches().isEmpty() && state.holes().isEmpty()) {
            findings.add(new Finding(
                    cluster.name(),
                    "no base backup has the archived WAL that makes it consistent",
                    "repair the archiver, then holdfast backup run " + cluster.name()));
        }
        if (state.isFailing()) {
            findings.add(new Finding(
                    state.now().primary().map(p -> p.node().id()).orElse(cluster.name()),
                    "the archiver fails at " + state.failed() + ": new writes cannot be restored" + state.whyFailing(),
                    state.failingRemedy()));
        }
        int behind = repository.newest();
        if (behind > 1 && repository.history() < behind) {
            findings.add(new Finding(
                    cluster.name(),
                    "the history of timeline " + behind + " is not in the archive",
                    "make a full backup now, and read the archiver's messages in the server log of the primary"));
        }
        return new BackupInventory(
                cluster.name(),
                probes.archive().folder() + (repository.system().isEmpty() ? "" : "/" + repository.system()),
                repository.copies().stream().map(BackupCatalog::copy).toList(),
                branches(context, state).windows(),
                state.waitingBytes().map(b -> new ArchiveLag(b, state.waitingSeconds())),
                repository.size(),
                repository.proven(),
                findings,
                notes(state));
    }

    private static Backup copy(BaseBackup copy) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("timeline", copy.timeline());
        facts.put("database_bytes", copy.size());
        return new Backup(copy.label(), copy.word(), copy.started(), copy.stopped(), copy.added(), facts);
    }

    public ArchiveTimelines branches(ExecutionContext context, BackupState state) {
        return new ArchiveTimelineProbe(cluster.name(), probes).look(context, state);
    }

    private List<String> notes(BackupState state) {
        List<String> notes = new ArrayList<>();
        if (state.isStale()) {
            notes.add("a member was promoted since the last base backup: holdfast backup run " + cluster.name()
                    + " makes one on the new timeline");
        }
        new BackupScheduler(declared)
                .overdue(state.repository().copies(), state.now().at())
                .ifPresent(notes::add);
        WalArchiveTimeline lineage = state.repository().lineage();
        state.repository().copies().stream()
                .filter(c -> !lineage.descendsFrom(c))
                .forEach(c -> notes.add(c.label() + " is on timeline " + c.timeline()
                        + ", which the servers have left; holdfast restore --timeline " + c.timeline()
                        + " reaches it"));
        if (state.canArchive() && !state.stretches().isEmpty() && state.holes().isEmpty()) {
            notes.add("later times up to now can be restored, too: a restore first archives the remaining WAL");
        }
        state.repository()
                .others()
                .forEach(o -> notes.add("backups of another system identifier are in "
                        + probes.archive().folder() + "/" + o));
        return notes;
    }

    /** Verifies everything; damaged pieces are excluded before the windows are computed. */
    public BackupInventory verify(ExecutionContext context) {
        BackupState state = read(context);
        List<Finding> findings = new ArrayList<>();
        if (state.repository().system().isEmpty()) {
            findings.add(new Finding(cluster.name(), "no repository exists", "holdfast apply creates the repository"));
            return held(context, state, findings);
        }
        RepositoryVerification reading = probes.verify(context, state);
        findings.addAll(reading.findings());
        BackupInventory held = held(context, state.without(reading), findings);
        return new BackupInventory(
                held.cluster(),
                held.repository(),
                state.repository().copies().stream().map(BackupCatalog::copy).toList(),
                held.windows(),
                held.waiting(),
                held.bytes(),
                held.proven(),
                unique(held.findings(), reading.segments()),
                held.notes());
    }

    /** A damaged segment also counts as missing, and is reported only once. */
    private static List<Finding> unique(List<Finding> findings, List<String> segments) {
        return findings.stream()
                .filter(f -> !f.what().startsWith("missing in the archive")
                        || segments.stream().noneMatch(s -> f.where().endsWith("/" + s)))
                .toList();
    }
}
