package dev.holdfast.postgres.restore;

import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.backup.ArchiveTimelines;
import dev.holdfast.postgres.backup.BackupCatalog;
import dev.holdfast.postgres.backup.BackupState;
import dev.holdfast.postgres.backup.RecoveryTargetResolver;
import dev.holdfast.postgres.backup.ReplayTarget;
import dev.holdfast.postgres.backup.RepositoryProbe;
import dev.holdfast.postgres.backup.RepositoryRecords;
import dev.holdfast.postgres.backup.RepositoryVerification;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.PatroniGuard;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The probe of a restore: the replay target, and the progress at the destination. The first query decides the replay
 * target, and the destination stores it: during a restore the archive grows, and an in-place restore stops the
 * servers. An interrupted run is found at its destination.
 */
final class RestoreProbe {

    /** The decision of the first query, and the state of the destination that it used. */
    private record First(
            Member destination,
            DestinationState begun,
            BackupState backups,
            RecoveryTargetResolver.Answered answered,
            String damage,
            Optional<Refusal> spaces,
            boolean isBare) {}

    private final ClusterProbe probes;
    private final RepositoryProbe repository;
    private final BackupCatalog inventory;
    private final RestoreDestination destination;
    private final RestoreRequest request;
    private final boolean isSourceElsewhere;
    private final Optional<RepositoryProbe> own;
    private final TablespaceProbe spaces;
    private final AtomicReference<First> first = new AtomicReference<>();
    /** In place: whether an earlier run finished the recorded restore. */
    private final AtomicBoolean isEarlier = new AtomicBoolean();

    /** @param source the estate and the cluster whose backups they are */
    RestoreProbe(
            Topology topology,
            PostgresCluster cluster,
            Topology sourceTopology,
            PostgresCluster source,
            RestoreDestination destination,
            RestoreRequest request) {
        this.probes = new ClusterProbe(topology, cluster);
        this.repository = new RepositoryProbe(sourceTopology, source);
        this.inventory = new BackupCatalog(sourceTopology, source);
        this.destination = destination;
        this.request = request;
        this.spaces = new TablespaceProbe(repository, source, destination.isInPlace());
        this.isSourceElsewhere = sourceTopology != topology;
        this.own = destination.isSideBySide() || cluster.repository().isEmpty()
                ? Optional.empty()
                : Optional.of(new RepositoryProbe(topology, cluster));
    }

    Member destination() {
        return first.get().destination();
    }

    RepositoryProbe repository() {
        return repository;
    }

    RestoreState look(ExecutionContext context) {
        PostgresState now = probes.look(context, !destination.isSideBySide());
        if (!destination.isSideBySide()) {
            PatroniGuard.check(now.cluster(), now.members());
        }
        boolean isFirst = first.get() == null;
        if (isFirst) {
            first.compareAndSet(null, first(context, now));
        }
        First known = first.get();
        DestinationState state = isFirst ? known(known.begun()) : destination(context);
        RestoreState all = new RestoreState(
                now.at(),
                now,
                state,
                known.answered().goal(),
                known.answered().refusal(),
                known.backups(),
                Optional.empty());
        return own.isPresent() && all.isDone()
                ? new RestoreState(
                        now.at(),
                        now,
                        state,
                        all.goal(),
                        all.refusal(),
                        all.backups(),
                        Optional.of(own.get().look(context, now)))
                : all;
    }

    /** Queries only the scratch server again, because only the scratch server changes during the restore. */
    RestoreState again(RestoreState before, ExecutionContext context) {
        return new RestoreState(
                context.now(),
                before.now(),
                destination(context),
                before.goal(),
                before.refusal(),
                before.backups(),
                Optional.empty());
    }

    DestinationState destination(ExecutionContext context) {
        return known(destination.look(context, destination().node()));
    }

    private DestinationState known(DestinationState state) {
        if (state.done().isEmpty()) {
            isEarlier.set(false);
        }
        return isEarlier.get() ? state.withoutDone() : state;
    }

    private First first(ExecutionContext context, PostgresState now) {
        Member place = destination.choose(context, now);
        DestinationState begun = destination.look(context, place.node());
        PostgresState servers = isSourceElsewhere ? repository.servers(context) : now;
        Optional<String> system =
                request.system().or(() -> ReplayTarget.of(begun.order()).map(ReplayTarget::system));
        BackupState state = repository.look(context, servers, system);
        boolean isUnderWay = now.members().stream()
                .anyMatch(m -> m.disk().fence().filter(FenceMark::isRestore).isPresent());
        // an in-place restore ends with a base backup of the new timeline
        boolean isOver = destination.isInPlace() && begun.order().isEmpty() && !isUnderWay && !state.isStale();
        boolean isUntouched = begun.order().isEmpty() && !isUnderWay;
        boolean isUnclear = isUntouched
                && system.isEmpty()
                && RepositoryProbe.live(servers).isEmpty()
                && !state.repository().others().isEmpty();
        Sound sound = isUnclear ? severalSystems(state) : sound(context, state, isUntouched);
        RecoveryTargetResolver.Answered answered = sound.answered();
        Optional<ReplayTarget> earlier = ReplayTarget.of(begun.order().isEmpty() ? begun.done() : begun.order())
                .filter(g -> isAsked(g, answered)
                        // an interrupted run continues with its own meaning of "latest"
                        || g.isLatest()
                                && request.moment() instanceof RecoveryTarget.Latest
                                && !begun.order().isEmpty());
        isEarlier.set(isOver && (earlier.isEmpty() || request.isAgain()));
        RecoveryTargetResolver.Answered decided = earlier.map(
                        g -> new RecoveryTargetResolver.Answered(Optional.of(g), Optional.<Refusal>empty()))
                .orElse(answered);
        boolean isToBegin = earlier.isEmpty() && !isUnderWay;
        Optional<Refusal> inTheWay =
                decided.goal().filter(g -> isToBegin).flatMap(g -> spaces.refusal(context, state, place.node(), g));
        boolean isBare = destination.isInPlace()
                && !isUnderWay
                && (now.isFresh() || !begun.order().isEmpty());
        return new First(place, begun, state, decided, sound.damage(), inTheWay, isBare);
    }

    /** Resolves the target without damaged pieces, and names these. */
    private record Sound(RecoveryTargetResolver.Answered answered, String damage) {}

    /** An in-place restore verifies every piece before it stops a server: damage found later would leave the cluster down. */
    private Sound sound(ExecutionContext context, BackupState state, boolean isUntouched) {
        RecoveryTargetResolver.Answered answered = reachable(context, state);
        if (!destination.isInPlace() || !isUntouched || answered.goal().isEmpty() || request.isUnread()) {
            return new Sound(answered, "");
        }
        RepositoryVerification reading = repository.verify(context, state);
        String damage = reading.damage();
        if (!reading.isWhole()) {
            Refusal unread = new Refusal(
                    state.now().cluster().name(),
                    "Holdfast could not read every file of the repository: "
                            + reading.findings().get(0).what() + ". Nothing was stopped",
                    "holdfast backup verify; --override=" + DecisionCode.UNREAD + " restores without this verification",
                    ExitCode.UNREACHABLE,
                    Optional.of(DecisionCode.UNREAD));
            return new Sound(new RecoveryTargetResolver.Answered(Optional.empty(), Optional.of(unread)), damage);
        }
        if (damage.isEmpty()) {
            return new Sound(answered, "");
        }
        RecoveryTargetResolver.Answered rest = reachable(context, state.without(reading));
        return new Sound(
                rest.refusal()
                        .map(r -> new RecoveryTargetResolver.Answered(
                                Optional.empty(),
                                Optional.of(new Refusal(
                                        r.where(),
                                        "files of the repository are damaged (" + damage + "); without them, "
                                                + r.what() + ". Nothing was stopped",
                                        r.hint(),
                                        r.exit(),
                                        r.code()))))
                        .orElse(rest),
                damage);
    }

    /** In place, when no member had a database at the start: the machines were lost. */
    boolean isBare() {
        return first.get().isBare();
    }

    /** Returns a refusal when no server determines the system identifier of the backups. */
    private static Sound severalSystems(BackupState state) {
        List<String> all = new ArrayList<>(state.repository().others());
        all.add(0, state.repository().system());
        Refusal refusal = new Refusal(
                state.now().cluster().name(),
                "the repository contains backups of several system identifiers, and no member has a database that determines the"
                        + " right one. Nothing was changed",
                "--system " + String.join(" or --system ", all) + "; the first one has the newest backups",
                ExitCode.REFUSED);
        return new Sound(new RecoveryTargetResolver.Answered(Optional.empty(), Optional.of(refusal)), "");
    }

    /** Returns a refusal because of the location of tablespaces. */
    Optional<Refusal> spaces() {
        return first.get().spaces();
    }

    /** Returns the excluded damaged pieces; empty when there are none. */
    String damage() {
        return first.get().damage();
    }

    /** Returns the target of an interrupted run, which continues even when the servers are stopped. */
    private boolean isAsked(ReplayTarget begun, RecoveryTargetResolver.Answered answered) {
        if (answered.goal().isPresent()) {
            ReplayTarget goal = answered.goal().get();
            return begun.isTo(goal) || request.timeline().isEmpty() && begun.isToOnAny(goal);
        }
        return RecoveryTargetResolver.target(request.moment())
                .filter(t -> begun.target().equals(t[0]) && begun.value().equals(t[1]))
                .isPresent();
    }

    private RecoveryTargetResolver.Answered reachable(ExecutionContext context, BackupState state) {
        if (!state.repository().trouble().isEmpty()) {
            return RecoveryTargetResolver.unread(repository.archive().folder(), state);
        }
        ArchiveTimelines branches = inventory.branches(context, state);
        return branches.answer(request.moment(), request.timeline(), found(context, state, branches.segments()));
    }

    private List<RepositoryRecords.Match> found(ExecutionContext context, BackupState state, List<String> segments) {
        if (request.moment() instanceof RecoveryTarget.RestorePoint name) {
            return repository.matches(context, state, "point", name.name(), segments);
        }
        if (request.moment() instanceof RecoveryTarget.BeforeOperation before) {
            String[] words = before.operation().strip().split("\\s+");
            return words.length == 2 && words[0].equals("xid") && words[1].matches("[0-9]{1,10}")
                    ? repository.matches(context, state, "xid", words[1], segments)
                    : repository.matches(context, state, "drops", "", segments);
        }
        return List.of();
    }
}
