package dev.holdfast.postgres.archive;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.state.ArchivingState;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The step that moves WAL of another server out of the archive. Two members that were promoted at the same place have the same
 * timeline. When both archive, the repository refuses a segment of the second one, and all later WAL waits. A standby or a restore
 * that reads the archive replays the commits of the other server.
 *
 * <p>Invariants: the primary is the only one, and its role is on record, so the split brain is decided. Nothing is deleted: the files
 * of the other server stay in the repository.
 */
public final class ForeignWalPlanner {

    /** After three failures, the archiver waits one minute before it tries again. */
    private static final Duration ARRIVAL = Duration.ofMinutes(3);

    private final PostgresCluster cluster;
    private final Optional<PgBackRestConfig> archive;
    private final MemberActions actions;

    public ForeignWalPlanner(Topology topology, PostgresCluster cluster, MemberActions actions) {
        this.cluster = cluster;
        this.archive = cluster.repository().map(r -> new PgBackRestConfig(topology, cluster, r));
        this.actions = actions;
    }

    public Plan setAside(PostgresState state) {
        Optional<MemberState> primary = state.primary()
                .filter(p -> p.isUp()
                        && !p.isOutOfReach()
                        && state.unrecorded().promoted().isEmpty());
        ArchivingState now = primary.map(state::archive).orElse(ArchivingState.NOTHING);
        // with Patroni, no history shows whose role is on record
        if (archive.isEmpty() || cluster.automatic().isPresent() || !now.isForeign() || now.isUnknown()) {
            return Plan.NOTHING;
        }
        MemberState leader = primary.orElseThrow();
        Node node = leader.node();
        String segment = now.firstForeign();
        List<Action> moves = new ArrayList<>();
        // a standby that has replayed that WAL then gets the primary's from the archive, in place of what proves the
        // difference
        state.others()
                .filter(m -> state.hasOtherWal(m) && m.disk().otherWal().isEmpty())
                .forEach(m -> moves.add(
                        actions.recordOtherWal(m.node(), state.diverged(m).orElse(""))));
        moves.addAll(archive.get().setAside(node, now));
        moves.add(actions.sql(node, Script.of("postgres/switch-segment.sql"))); // it wakes the archiver
        return Plan.of(List.of(Step.on(node.id(), "Set aside WAL of another server in the archive")
                .because(
                        now.waiting().isConflict()
                                ? leader.name() + " cannot archive "
                                        + now.waiting().segment() + ": " + now.cause()
                                : "the repository has WAL of another server on the timeline of " + leader.name()
                                        + ", from " + segment + " on")
                .type(moves)
                .until(hasArchivedItsOwn(state, leader, segment), ARRIVAL)));
    }

    private Condition hasArchivedItsOwn(PostgresState state, MemberState leader, String segment) {
        String binaries = leader.host().programs().getOrDefault(state.major(), "");
        String description =
                "the archive has no WAL of another server, and " + leader.name() + " has archived its own " + segment;
        return new Condition(description, context -> {
            ArchivingState now = archive.orElseThrow().observe(context, leader.node(), binaries);
            String first = now.waiting().segment();
            boolean holds = now.isIn() && !now.isForeign() && (first.isEmpty() || first.compareTo(segment) > 0);
            String waiting =
                    first.isEmpty() ? "no segment waits to be archived" : "the next segment to archive is " + first;
            return new ProbeResult(
                    holds,
                    now.trouble().isEmpty()
                            ? waiting + ", " + now.foreign().size() + " archived files of another server"
                            : now.trouble());
        });
    }

    /** Returns what an operator does where Holdfast does not move that WAL; empty where there is none, or Holdfast moves it. */
    public Optional<String> byHand(PostgresState state, MemberState leader) {
        ArchivingState now = state.archive(leader);
        return archive.filter(a -> cluster.automatic().isPresent() && now.isForeign())
                .map(a -> "move the archived files of the other server, from " + now.firstForeign() + " on, out of "
                        + a.folder() + "/" + now.system() + "/archive/" + cluster.name()
                        + "; with failover: automatic, Holdfast does not move them");
    }
}
