package dev.holdfast.mongodb.replicaset;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.DatabaseUser;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The planner of a set's users, their roles and passwords. Users that are not declared stay unchanged. */
record DatabaseUserPlanner(MongoState state, ReplicaSetState set, Node primary) {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int LEAST_LOGIN_WORK = 5_000;
    private static final String WEAK_LOGIN = "the user can also log in by " + DatabaseUser.WEAK_MECHANISM;

    /**
     * Plans the administrator, which exists on every set. A generated password cannot be guessed, so a high SCRAM iteration
     * count would only slow down every login. Holdfast sets the smallest count that the server allows.
     */
    List<Step> admin(Credentials as) {
        Step step = step(DatabaseUser.admin(state.cluster()), as, "the password is not accepted");
        String secret = state.cluster().adminPassword().name();
        SecretRef.Source source = state.topology().secrets().getOrDefault(secret, new SecretRef.Source.Generated());
        if (!(source instanceof SecretRef.Source.Generated)) {
            return List.of(step);
        }
        Action less = AdminCommands.parameters(primary, as, Map.of(ServerConfiguration.LOGIN_WORK, LEAST_LOGIN_WORK));
        Action usual = AdminCommands.parameters(
                primary, as, Map.of(ServerConfiguration.LOGIN_WORK, ServerConfiguration.loginWork(state.cluster())));
        List<Action> actions = new ArrayList<>(List.of(less));
        actions.addAll(step.actions());
        actions.add(usual);
        return List.of(Step.on(step.lane(), step.title())
                .because(step.because())
                .type(actions)
                .revert(usual)
                .until(step.until(), step.within()));
    }

    /** Plans the declared users, which exist on the config servers or on the single replica set. */
    List<Step> declared(Credentials as) {
        List<Step> steps = new ArrayList<>();
        for (User user : state.cluster().users()) {
            difference(user).ifPresent(why -> steps.add(step(DatabaseUser.of(user), as, why)));
        }
        return steps;
    }

    /** Plans the end of weak logins of an administrator whose password is accepted; such logins come from earlier versions. */
    List<Step> adminWithoutWeakLogin(Credentials as) {
        DatabaseUser admin = DatabaseUser.admin(state.cluster());
        return found(admin).filter(DatabaseUser::hasWeakLogin).map(u -> step(admin, as, WEAK_LOGIN)).stream()
                .toList();
    }

    /** Plans the same with one lane per user, so that a user that cannot log in does not delay the others. */
    List<Step> apart(Credentials as) {
        return declared(as).stream()
                .map(s -> Step.on(s.lane() + " " + s.title().replaceFirst(".* user (.*) on .*", "user $1"), s.title())
                        .because(s.because())
                        .type(s.actions())
                        .until(s.until(), s.within()))
                .toList();
    }

    /**
     * Returns the users that are not declared, and those whose passwords cannot be compared, because their logins are restricted
     * to other addresses.
     */
    List<String> unverified() {
        List<String> notes = new ArrayList<>();
        state.restricted()
                .forEach((user, addresses) -> notes.add(state.lane(set) + ": the password of " + user
                        + " cannot be checked from here: its authenticationRestrictions allow logins only for "
                        + addresses));
        String undeclared = set.users().stream()
                .map(u -> u.text("user"))
                .filter(u -> !u.equals(MongoCluster.ADMIN))
                .filter(u ->
                        state.cluster().users().stream().noneMatch(d -> d.name().equals(u)))
                .sorted()
                .collect(Collectors.joining(", "));
        if (!undeclared.isEmpty()) {
            notes.add(
                    state.lane(set) + ": users that are not declared: " + undeclared + "; Holdfast never drops a user");
        }
        return notes;
    }

    /** Returns the users whose passwords were not compared, because their secrets are not known here. */
    List<Refusal> uncompared() {
        return state.uncompared().entrySet().stream()
                .filter(u -> set.users().stream().anyMatch(f -> f.text("user").equals(u.getKey())))
                .map(u -> uncompared(u.getKey(), u.getValue()))
                .toList();
    }

    private Refusal uncompared(String user, ActionResult answer) {
        return new Refusal(
                state.lane(set),
                "the password of " + user + " was not compared: " + answer.reason(),
                answer.hint(),
                ExitCode.INCOMPLETE);
    }

    /** Returns the administrator, when it exists and its secret is not known here: a new password would lock others out. */
    Optional<Refusal> unknownAdmin(NodeState member) {
        DatabaseUser admin = DatabaseUser.admin(state.cluster());
        return Optional.of(member.reply().message())
                .filter(m -> !m.isEmpty() && found(admin).isPresent())
                .map(m -> uncompared(admin.name(), ActionResult.refused(ActionResult.NO_SECRET, m)));
    }

    private Optional<String> difference(User user) {
        DatabaseUser account = DatabaseUser.of(user);
        Optional<MongoDocument> found = found(account);
        if (found.isEmpty()) {
            return Optional.of("");
        }
        if (!DatabaseUser.observed(found.get()).equals(account.desired())) {
            return Optional.of(
                    "the roles are " + DatabaseUser.observed(found.get()) + ", desired " + account.desired());
        }
        boolean in = state.loggedIn().contains(user)
                || state.restricted().containsKey(user.name())
                || state.uncompared().containsKey(user.name());
        if (!in) {
            return Optional.of("the password differs from the declared one");
        }
        return found.filter(DatabaseUser::hasWeakLogin).map(u -> WEAK_LOGIN);
    }

    private Optional<MongoDocument> found(DatabaseUser account) {
        return set.users().stream()
                .filter(u ->
                        u.text("user").equals(account.name()) && u.text("db").equals("admin"))
                .findFirst();
    }

    private Step step(DatabaseUser account, Credentials as, String difference) {
        boolean exists = found(account).isPresent();
        boolean keepsPassword =
                difference.equals(WEAK_LOGIN) || state.uncompared().containsKey(account.name());
        return Step.on(
                        state.lane(set),
                        (exists ? "Update user " : "Create user ") + account.name() + " on " + set.name())
                .because(exists ? difference : "the user does not exist")
                .type(
                        exists && keepsPassword
                                ? AdminCommands.roles(primary, as, account)
                                : AdminCommands.user(primary, as, exists, account))
                .until(ClusterConditions.account(set.desired(), account, as), SOON);
    }
}
