package dev.holdfast.mongodb.replicaset;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stage that brings every replica set to its declared members, users and default concerns; one lane per set.
 *
 * <p>The observed state of a set decides:
 *
 * <ul>
 *   <li>all members are empty: Holdfast initiates the set;
 *   <li>the set has a primary: Holdfast compares the set with the declared one;
 *   <li>the set exists and has no primary: Holdfast waits for the election and never forces one;
 *   <li>a member that can have newer data is down: Holdfast plans nothing until the member answers.
 * </ul>
 */
public final class ReplicaSetPlanner {

    private ReplicaSetPlanner() {}

    public static Plan plan(MongoState state) {
        Plan plan = Plan.NOTHING;
        for (ReplicaSetState set : state.sets()) {
            plan = plan.and(plan(state, set));
        }
        return plan;
    }

    /**
     * Plans while a host is unreachable. Sets without a member there are planned as usual. So are users and default concerns,
     * which need only the primary. Members, votes and priorities of the other sets wait.
     */
    public static Plan reached(MongoState state) {
        Plan plan = Plan.NOTHING;
        for (ReplicaSetState set : state.sets()) {
            Optional<NodeState> admin = set.primary().filter(NodeState::isAdmin);
            if (set.isReached() && set.isInitiated()) {
                plan = plan.and(plan(state, set));
            } else if (set == state.controlSet() && admin.isPresent()) {
                plan = plan.and(withoutMembers(state, set, admin.get()));
            }
        }
        return plan;
    }

    private static Plan withoutMembers(MongoState state, ReplicaSetState set, NodeState primary) {
        DatabaseUserPlanner accounts = new DatabaseUserPlanner(state, set, primary.node());
        Credentials admin = state.credentials().admin();
        List<Step> steps = new ArrayList<>(DefaultConcernsPlanner.steps(state, primary.node(), admin));
        steps.addAll(accounts.apart(admin));
        return new Plan(steps, List.of(), accounts.unverified()).and(Plan.open(accounts.uncompared()));
    }

    private static Plan plan(MongoState state, ReplicaSetState set) {
        Optional<NodeState> primary = set.primary();
        if (set.isUnread()) {
            return Plan.NOTHING; // a precondition names the missing login
        }
        if (primary.isPresent()) {
            return existing(state, set, primary.get());
        }
        if (!set.isInitiated() && set.isUntouched()) {
            return born(state, set);
        }
        Optional<NodeState> stuck =
                set.members().stream().filter(NodeState::isCatchUpStuck).findFirst();
        if (stuck.isPresent()) {
            return Plan.of(List.of(endCatchUp(state, set, stuck.get())));
        }
        long answering = set.members().stream().filter(NodeState::answers).count();
        if (answering == set.members().size()
                || EmptyMembers.isHeld(set) && answering > set.hosts().size() / 2) {
            return Plan.of(List.of(awaitElection(state, set)))
                    .and(new Plan(List.of(), List.of(), List.of(referToFailover(state, set))));
        }
        return new Plan(
                List.of(),
                List.of(),
                List.of(
                        state.lane(set) + ": further changes are planned when its servers answer",
                        referToFailover(state, set)));
    }

    private static String referToFailover(MongoState state, ReplicaSetState set) {
        return "if " + state.lane(set) + " elects no primary, holdfast failover " + state.lane(set)
                + " shows what is possible without a primary";
    }

    private static Plan born(MongoState state, ReplicaSetState set) {
        InitiateSteps initiation = new InitiateSteps(state, set);
        Node first = initiation.first().node();
        List<Step> steps = new ArrayList<>(initiation.steps());
        DatabaseUserPlanner accounts = new DatabaseUserPlanner(state, set, first);
        steps.addAll(accounts.admin(state.credentials().member()));
        if (set == state.controlSet()) {
            steps.addAll(DefaultConcernsPlanner.steps(
                    state, first, state.credentials().admin()));
            steps.addAll(accounts.declared(state.credentials().admin()));
        }
        return Plan.of(steps);
    }

    private static Plan existing(MongoState state, ReplicaSetState set, NodeState primary) {
        DatabaseUserPlanner accounts = new DatabaseUserPlanner(state, set, primary.node());
        List<Step> steps = new ArrayList<>();
        Optional<Refusal> unknown = primary.isAdmin() ? Optional.empty() : accounts.unknownAdmin(primary);
        if (unknown.isPresent()) {
            return Plan.open(List.of(unknown.get()));
        }
        if (!primary.isAdmin()) {
            steps.addAll(accounts.admin(primary.login()));
        }
        Credentials admin = state.credentials().admin();
        if (primary.isAdmin()) {
            steps.addAll(accounts.adminWithoutWeakLogin(admin));
        }
        if (set == state.controlSet()) {
            steps.addAll(DefaultConcernsPlanner.steps(state, primary.node(), admin));
        }
        ReconfigSteps membership = new ReconfigSteps(state, set, primary);
        if (set.unaware().isEmpty()) { // otherwise an open difference
            steps.addAll(membership.steps());
        }
        Plan refused = Plan.missing(membership.refused().stream().toList())
                .and(Plan.missing(membership.parted()))
                .and(new Plan(List.of(), List.of(), membership.comparedLater()));
        if (set == state.controlSet()) {
            steps.addAll(accounts.apart(admin));
            return new Plan(steps, List.of(), accounts.unverified())
                    .and(Plan.open(accounts.uncompared()))
                    .and(refused);
        }
        return Plan.of(steps).and(refused);
    }

    private static Step endCatchUp(MongoState state, ReplicaSetState set, NodeState elected) {
        return Step.on(state.lane(set), "End the catch-up of " + elected.node().name() + ", the new primary")
                .because(elected.node().name() + " was elected "
                        + elected.catchUp().orElseThrow().toSeconds()
                        + " s ago, accepts no write, and fetches from no member")
                .type(AdminCommands.abortCatchUp(elected.node(), elected.login()))
                .until(ClusterConditions.elected(set.desired()), Duration.ofSeconds(60));
    }

    private static Step awaitElection(MongoState state, ReplicaSetState set) {
        Duration timeout = set.desired().electionTimeout();
        return Step.on(state.lane(set), "Wait until " + set.name() + " has elected a primary")
                .because("a majority of the members answers and no member is primary; an election follows within "
                        + timeout.toMillis() + " ms")
                .until(
                        ClusterConditions.elected(set.desired()),
                        timeout.multipliedBy(3).plusSeconds(30));
    }
}
