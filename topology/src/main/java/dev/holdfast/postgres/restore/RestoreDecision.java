package dev.holdfast.postgres.restore;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.backup.ReplayTarget;
import dev.holdfast.postgres.provision.Preconditions;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.Optional;

/**
 * The decision about a restore: whether, why, and what prevents it; pure.
 *
 * @param isOwnRepository whether only the restored servers will archive into their repository
 */
record RestoreDecision(
        PostgresCluster cluster,
        RestoreRequest request,
        RestoreDestination destination,
        RestoreProbe probes,
        InPlaceRestoreStages inPlace,
        boolean isOwnRepository) {

    private String where() {
        return destination.isSideBySide()
                ? "side by side with the running servers"
                : destination.isInPlace() ? "in place" : "into the other estate";
    }

    Assessment decided(RestoreState state) {
        Optional<Refusal> refusal = refusal(state);
        if (refusal.isPresent()) {
            return new Assessment("nothing is done", refusal.get().what(), refusal, Duration.ZERO);
        }
        ReplayTarget goal = state.goal().orElseThrow();
        String because = state.isDone()
                ? destination.isInPlace() ? request.already() : "this restore was already done"
                : "the base backup " + goal.label() + " and the WAL after it reach the target"
                        + (goal.archivesFirst() ? ", once " + cluster.name() + " has archived its last WAL" : "")
                        + goal.timeline()
                                .map(t -> ", on timeline " + t + ", which the servers have left")
                                .orElse("")
                        + (probes.damage().isEmpty() ? "" : "; damaged files are ignored: " + probes.damage());
        return new Assessment(
                        "restore " + cluster.name() + " to "
                                + request.moment().shown() + " " + where() + ", on "
                                + probes.destination().node().id(),
                        because,
                        Optional.empty(),
                        Duration.ZERO)
                .by(state.isDone() ? DecisionCode.RESTORE_AGAIN : DecisionCode.RESTORE_POSSIBLE);
    }

    /** Returns a refusal without an answer of the host, because the state of the restore is unknown then. */
    Optional<Refusal> unreached(RestoreState state) {
        String trouble = state.destination().trouble();
        return trouble.isEmpty()
                ? Optional.empty()
                : Optional.of(new Refusal(
                        probes.destination().node().id(),
                        "the host does not answer: " + trouble,
                        "make the host answer",
                        ExitCode.UNREACHABLE));
    }

    Optional<Refusal> refusal(RestoreState state) {
        Node node = probes.destination().node();
        if (state.refusal().isPresent()) {
            return state.refusal();
        }
        if (state.isBegun() || state.isDone()) {
            return Optional.empty();
        }
        if (!state.destination().trouble().isEmpty()) {
            return unreached(state);
        }
        if (!probes.repository().archive().isReachedFrom(node.host())) {
            return Optional.of(new Refusal(
                    node.id(),
                    "the repository is on a separate host, and " + node.host().name()
                            + " has no pgBackRest server for that repository",
                    "restore side by side, or onto hosts of " + cluster.name() + " in the source estate"));
        }
        if (!isOwnRepository) {
            return Optional.of(new Refusal(
                    cluster.name(),
                    "the other estate has the same repository as the source, and would archive its WAL there",
                    "give the estate another name: or another repository:"));
        }
        return occupied(state, node).or(probes::spaces).or(() -> diskSpaceRefusal(state, node));
    }

    private Optional<Refusal> occupied(RestoreState state, Node node) {
        if (destination.isInPlace() && !probes.isBare()) {
            return inPlace.refusal(state);
        }
        if (!destination.isSideBySide() && state.now().isFresh()) {
            Plan plan = Preconditions.plan(cluster, state.now());
            return plan.refusals().stream().findFirst();
        }
        String held = state.destination().order().isEmpty()
                ? state.destination().done()
                : state.destination().order();
        if (!destination.isSideBySide()
                || !held.isEmpty()
                || !state.destination().isAbsent()) {
            return Optional.of(new Refusal(
                    node.id(),
                    held.isEmpty()
                            ? "a database already exists there"
                            : "a restore to "
                                    + held.replaceFirst("\\S+ \\S+ ", "").split(" ")[0] + " exists there already",
                    destination.isSideBySide()
                            ? "use another --label, or remove the existing restore with --discard"
                            : "a restore into another estate needs an estate without a database"));
        }
        if (state.destination().isPortTaken()) {
            return Optional.of(new Refusal(
                    node.id(),
                    "another process listens on " + node.endpoint(),
                    "use another --label, which selects another port"));
        }
        return Optional.empty();
    }

    private Optional<Refusal> diskSpaceRefusal(RestoreState state, Node node) {
        long needed = state.goal().orElseThrow().size();
        if (state.destination().free() < 0 || state.destination().free() >= needed) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                node.id(),
                "the host has " + state.destination().free() + " bytes free, and the database needs " + needed,
                "free space there"));
    }
}
