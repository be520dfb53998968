package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The act that brings every replica set to its declared members, users and defaults; one lane per set.
 *
 * <p>What is done with a set depends on what is known of it:
 *
 * <ul>
 *   <li>every member is blank or not yet born: it is initiated;
 *   <li>it has a primary: it is compared with what is declared;
 *   <li>it is known but has no primary: the election is waited for, never forced;
 *   <li>a member that may know more is down: nothing is planned until it answers.
 * </ul>
 */
final class ReplicaSets {

    private ReplicaSets() {}

    static String lane(MongoSeen seen, SetSeen set) {
        return seen.cluster().name() + "/" + set.name();
    }

    static Plan plan(MongoSeen seen) {
        Plan plan = Plan.NOTHING;
        for (SetSeen set : seen.sets()) {
            plan = plan.and(plan(seen, set));
        }
        return plan;
    }

    private static Plan plan(MongoSeen seen, SetSeen set) {
        Optional<NodeSeen> primary = set.primary();
        if (primary.isPresent()) {
            return existing(seen, set, primary.get());
        }
        if (!set.isInitiated() && set.isUntouched()) {
            return born(seen, set);
        }
        if (set.members().stream().allMatch(NodeSeen::answers)) {
            return Plan.of(List.of(awaitElection(seen, set)));
        }
        return new Plan(
                List.of(),
                List.of(),
                List.of(lane(seen, set) + ": what else is to be done is decided when its servers answer"));
    }

    private static Plan born(MongoSeen seen, SetSeen set) {
        Initiation initiation = new Initiation(seen, set);
        Node first = initiation.first().node();
        List<Step> steps = new ArrayList<>(initiation.steps());
        Accounts accounts = new Accounts(seen, set, first);
        steps.addAll(accounts.admin(seen.logins().member()));
        if (set == seen.seat()) {
            steps.addAll(DefaultConcerns.steps(seen, first, seen.logins().admin()));
            steps.addAll(accounts.declared(seen.logins().admin()));
        }
        return Plan.of(steps);
    }

    private static Plan existing(MongoSeen seen, SetSeen set, NodeSeen primary) {
        Accounts accounts = new Accounts(seen, set, primary.node());
        List<Step> steps = new ArrayList<>();
        if (!primary.isAdmin()) {
            steps.addAll(accounts.admin(primary.login()));
        }
        Login admin = seen.logins().admin();
        if (set == seen.seat()) {
            steps.addAll(DefaultConcerns.steps(seen, primary.node(), admin));
        }
        steps.addAll(new Membership(seen, set, primary).steps());
        if (set == seen.seat()) {
            steps.addAll(accounts.declared(admin));
        }
        return Plan.of(steps);
    }

    private static Step awaitElection(MongoSeen seen, SetSeen set) {
        Duration timeout = set.wanted().electionTimeout();
        return Step.on(lane(seen, set), "Wait until " + set.name() + " has elected a primary")
                .because("all its members answer and none is primary; they elect one within " + timeout.toMillis()
                        + " ms")
                .until(MongoUntil.elected(set.wanted()), timeout.multipliedBy(3).plusSeconds(30));
    }
}
