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
import dev.holdfast.postgres.backup.RepositoryVerification;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How a restore is looked at. What is to be brought back is decided at the first look and kept: while a restore is under way
 * the archive grows, and in place the servers that could tell are stopped. What a killed run has begun is found on its place.
 */
final class RestoreProbe {

    /** What was decided at the first look, and from what at the place. */
    private record First(
            Member site,
            DestinationState begun,
            BackupState vault,
            RecoveryTargetResolver.Answered answered,
            String damage,
            Optional<Refusal> spaces,
            boolean isBare) {}

    private final ClusterProbe probes;
    private final RepositoryProbe vault;
    private final BackupCatalog holdings;
    private final RestoreDestination site;
    private final RestoreRequest request;
    private final boolean isSourceElsewhere;
    private final Optional<RepositoryProbe> own;
    private final TablespaceProbe spaces;
    private final AtomicReference<First> first = new AtomicReference<>();
    /** In place: what is noted there was done by an earlier run, to its end. */
    private final AtomicBoolean isEarlier = new AtomicBoolean();

    /** @param source the estate and the cluster whose backups they are */
    RestoreProbe(
            Topology topology,
            PostgresCluster cluster,
            Topology sourceTopology,
            PostgresCluster source,
            RestoreDestination site,
            RestoreRequest request) {
        this.probes = new ClusterProbe(topology, cluster);
        this.vault = new RepositoryProbe(sourceTopology, source);
        this.holdings = new BackupCatalog(sourceTopology, source);
        this.site = site;
        this.request = request;
        this.spaces = new TablespaceProbe(vault, source, site.isInPlace());
        this.isSourceElsewhere = sourceTopology != topology;
        this.own = site.isSideBySide() || BackupRepository.of(cluster).isEmpty()
                ? Optional.empty()
                : Optional.of(new RepositoryProbe(topology, cluster));
    }

    Member site() {
        return first.get().site();
    }

    RepositoryProbe vault() {
        return vault;
    }

    RestoreState look(ExecutionContext context) {
        PostgresState now = probes.look(context, !site.isSideBySide());
        boolean isFirst = first.get() == null;
        if (isFirst) {
            first.compareAndSet(null, first(context, now));
        }
        First known = first.get();
        DestinationState state = isFirst ? known(known.begun()) : site(context);
        RestoreState all = new RestoreState(
                now.at(),
                now,
                state,
                known.answered().goal(),
                known.answered().refusal(),
                known.vault(),
                Optional.empty());
        return own.isPresent() && all.isDone()
                ? new RestoreState(
                        now.at(),
                        now,
                        state,
                        all.goal(),
                        all.refusal(),
                        all.vault(),
                        Optional.of(own.get().look(context, now)))
                : all;
    }

    /** Looks again at the scratch server alone: while it is brought back, that is all that changes. */
    RestoreState again(RestoreState before, ExecutionContext context) {
        return new RestoreState(
                context.now(),
                before.now(),
                site(context),
                before.goal(),
                before.refusal(),
                before.vault(),
                Optional.empty());
    }

    DestinationState site(ExecutionContext context) {
        return known(site.look(context, site().node()));
    }

    private DestinationState known(DestinationState state) {
        if (state.done().isEmpty()) {
            isEarlier.set(false);
        }
        return isEarlier.get() ? state.withoutDone() : state;
    }

    private First first(ExecutionContext context, PostgresState now) {
        Member place = site.choose(context, now);
        DestinationState begun = site.look(context, place.node());
        PostgresState servers = isSourceElsewhere ? vault.servers(context) : now;
        Optional<String> system =
                request.system().or(() -> ReplayTarget.of(begun.order()).map(ReplayTarget::system));
        BackupState state = vault.look(context, servers, system);
        boolean isUnderWay = now.members().stream()
                .anyMatch(m -> m.disk().fence().filter(FenceMark::isRestore).isPresent());
        // a base copy of the new timeline is the last thing that a restore in place makes
        boolean isOver = site.isInPlace() && begun.order().isEmpty() && !isUnderWay && !state.isStale();
        boolean isUntouched = begun.order().isEmpty() && !isUnderWay;
        boolean isUnclear = isUntouched
                && system.isEmpty()
                && RepositoryProbe.live(servers).isEmpty()
                && !state.shelf().others().isEmpty();
        Sound sound = isUnclear ? severalSystems(state) : sound(context, state, isUntouched);
        RecoveryTargetResolver.Answered answered = sound.answered();
        Optional<ReplayTarget> earlier = ReplayTarget.of(begun.order().isEmpty() ? begun.done() : begun.order())
                .filter(g -> isAsked(g, answered)
                        // what was latest when a killed run began is what it goes on with
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
        boolean isBare = site.isInPlace()
                && !isUnderWay
                && (now.isFresh() || !begun.order().isEmpty());
        return new First(place, begun, state, decided, sound.damage(), inTheWay, isBare);
    }

    /** What can be reached with the pieces that are sound, and which are not. */
    private record Sound(RecoveryTargetResolver.Answered answered, String damage) {}

    /** In place every piece is read before anything is stopped: damage that is found later leaves the cluster down. */
    private Sound sound(ExecutionContext context, BackupState state, boolean isUntouched) {
        RecoveryTargetResolver.Answered answered = reachable(context, state);
        if (!site.isInPlace() || !isUntouched || answered.goal().isEmpty() || request.isUnread()) {
            return new Sound(answered, "");
        }
        RepositoryVerification reading = vault.verify(context, state);
        String damage = reading.damage();
        if (!reading.isWhole()) {
            Refusal unread = new Refusal(
                    state.now().cluster().name(),
                    "not every piece of the repository could be read: "
                            + reading.findings().get(0).what() + ". Nothing was stopped",
                    "holdfast backup verify; --override=" + DecisionCode.UNREAD + " restores without reading it first",
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
                                        "pieces of the repository are damaged (" + damage + "), and without them "
                                                + r.what() + ". Nothing was stopped",
                                        r.hint(),
                                        r.exit(),
                                        r.code()))))
                        .orElse(rest),
                damage);
    }

    /** In place, and no member had a database when it was begun: the machines were lost. */
    boolean isBare() {
        return first.get().isBare();
    }

    /** No server tells whose backups are meant. */
    private static Sound severalSystems(BackupState state) {
        List<String> all = new ArrayList<>(state.shelf().others());
        all.add(0, state.shelf().system());
        Refusal refusal = new Refusal(
                state.now().cluster().name(),
                "the repository holds backups of several systems, and no member has a database that tells which is"
                        + " meant. Nothing was changed",
                "--system " + String.join(" or --system ", all) + "; the first was written to last",
                ExitCode.REFUSED);
        return new Sound(new RecoveryTargetResolver.Answered(Optional.empty(), Optional.of(refusal)), "");
    }

    /** What speaks against it in where tablespaces lie. */
    Optional<Refusal> spaces() {
        return first.get().spaces();
    }

    /** The damaged pieces that are left out; empty when none was found. */
    String damage() {
        return first.get().damage();
    }

    /** What a killed run has begun goes on, even when the servers that could tell are stopped by now. */
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
        if (!state.shelf().trouble().isEmpty()) {
            return RecoveryTargetResolver.unread(vault.archive().folder(), state);
        }
        ArchiveTimelines branches = holdings.branches(context, state);
        return branches.answer(request.moment(), request.timeline(), found(context, state, branches.segments()));
    }

    private List<String[]> found(ExecutionContext context, BackupState state, List<String> segments) {
        if (request.moment() instanceof RecoveryTarget.RestorePoint name) {
            return vault.search(context, state, "point", name.name(), segments);
        }
        if (request.moment() instanceof RecoveryTarget.BeforeOperation before) {
            String[] words = before.operation().strip().split("\\s+");
            return words.length == 2 && words[0].equals("xid") && words[1].matches("[0-9]{1,10}")
                    ? vault.search(context, state, "xid", words[1], segments)
                    : vault.search(context, state, "drops", "", segments);
        }
        return List.of();
    }
}
