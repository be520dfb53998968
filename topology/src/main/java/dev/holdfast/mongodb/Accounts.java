package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.model.Secret;
import dev.holdfast.mongodb.MongoCluster.User;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Action;
import dev.holdfast.world.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The users of a set, brought to their declared roles and passwords; those that are not declared are left alone. */
record Accounts(MongoSeen seen, SetSeen set, Node primary) {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int LEAST_LOGIN_WORK = 5_000;

    /**
     * The administrator, who exists on every set. A generated password is no word that could be guessed, so the work that
     * makes guessing slow would only make every look slow: it is kept as small as the server allows.
     */
    List<Step> admin(Login as) {
        Step step = step(Account.admin(seen.cluster()), as, "its password is not accepted");
        String secret = seen.cluster().adminPassword().name();
        Secret.Source source = seen.topology().secrets().getOrDefault(secret, new Secret.Source.Generated());
        if (!(source instanceof Secret.Source.Generated)) {
            return List.of(step);
        }
        Action less = MongoOrders.parameters(primary, as, Map.of(ServerOptions.LOGIN_WORK, LEAST_LOGIN_WORK));
        Action usual = MongoOrders.parameters(
                primary, as, Map.of(ServerOptions.LOGIN_WORK, ServerOptions.loginWork(seen.cluster())));
        List<Action> actions = new ArrayList<>(List.of(less));
        actions.addAll(step.actions());
        actions.add(usual);
        return List.of(Step.on(step.lane(), step.title())
                .because(step.because())
                .type(actions)
                .mend(usual)
                .until(step.until(), step.within()));
    }

    /** The declared users, who live on the config servers or on the lone replica set. */
    List<Step> declared(Login as) {
        List<Step> steps = new ArrayList<>();
        for (User user : seen.cluster().users()) {
            difference(user).ifPresent(why -> steps.add(step(Account.of(user), as, why)));
        }
        return steps;
    }

    private Optional<String> difference(User user) {
        Account account = Account.of(user);
        Optional<Doc> found = found(account);
        if (found.isEmpty()) {
            return Optional.of("");
        }
        if (!Account.seen(found.get()).equals(account.wanted())) {
            return Optional.of("its roles are " + Account.seen(found.get()) + ", wanted " + account.wanted());
        }
        return seen.loggedIn().contains(user) ? Optional.empty() : Optional.of("its password is not the declared one");
    }

    private Optional<Doc> found(Account account) {
        return set.users().stream()
                .filter(u ->
                        u.text("user").equals(account.name()) && u.text("db").equals("admin"))
                .findFirst();
    }

    private Step step(Account account, Login as, String difference) {
        boolean exists = found(account).isPresent();
        return Step.on(
                        ReplicaSets.lane(seen, set),
                        (exists ? "Correct user " : "Create user ") + account.name() + " on " + set.name())
                .because(exists ? difference : "there is no such user")
                .type(MongoOrders.user(primary, as, exists, account))
                .until(MongoUntil.account(set.wanted(), account), SOON);
    }
}
