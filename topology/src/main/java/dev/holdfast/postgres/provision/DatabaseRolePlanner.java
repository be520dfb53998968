package dev.holdfast.postgres.provision;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ScramVerifier;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.proxy.PgBouncerAuthQuery;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Plans roles and databases on the primary: replication and rewind with minimal privileges, the database, its users. */
public final class DatabaseRolePlanner {

    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String WRONG_PASSWORD = "28P01";

    private final PostgresCluster cluster;
    private final MemberActions actions;
    private final MemberConditions until;
    private final PgBouncerAuthQuery lookup;

    public DatabaseRolePlanner(PostgresCluster cluster, MemberActions actions, MemberConditions until) {
        this.lookup = new PgBouncerAuthQuery(cluster, until);
        this.cluster = cluster;
        this.actions = actions;
        this.until = until;
    }

    /** Returns the steps for what is missing on the primary, in the order of creation. */
    public List<Step> steps(PostgresState state, Node primary, ServerState server) {
        List<Step> steps = new ArrayList<>();
        servers(steps, state, primary, server);
        steps.addAll(applications(state, primary, server));
        return steps;
    }

    /** Plans the roles with which the servers log in to each other. */
    private void servers(List<Step> steps, PostgresState state, Node primary, ServerState server) {
        role(
                steps,
                state,
                primary,
                server,
                new DesiredRole(
                        PostgresCluster.REPLICATION,
                        cluster.replicationPassword(),
                        "role-replication",
                        s -> is(s, PostgresCluster.REPLICATION, "true"),
                        "for replication only"));
        role(
                steps,
                state,
                primary,
                server,
                new DesiredRole(
                        PostgresCluster.REWIND,
                        cluster.rewindPassword(),
                        "role-rewind",
                        s -> is(s, PostgresCluster.REWIND, "false") && s.rewinderMayRewind(),
                        "for pg_rewind only"));
    }

    /** Returns the steps for the database and the roles of applications. */
    public List<Step> applications(PostgresState state, Node primary, ServerState server) {
        List<Step> steps = new ArrayList<>();
        if (!server.hasDatabase()) {
            steps.add(on(primary, "Create the database " + cluster.database())
                    .because("the database " + cluster.database() + " does not exist")
                    .type(actions.sql(
                            primary, Script.of("postgres/create-database.sql").with("database", cluster.database())))
                    .until(has(primary, "the database " + cluster.database(), ServerState::hasDatabase), WITHIN));
        }
        pooler(steps, state, primary, server);
        for (User user : cluster.users()) {
            role(
                    steps,
                    state,
                    primary,
                    server,
                    new DesiredRole(
                            user.name(), user.password(), "role-user", s -> is(s, user.name(), "false"), "with login"));
            memberships(steps, primary, server, user);
        }
        return steps;
    }

    /** Returns notes about roles whose passwords are unknown here and were therefore not compared. */
    public List<Refusal> open(PostgresState state, Node primary) {
        return state.credentials().entrySet().stream()
                .filter(l -> l.getValue().isRefused(ActionResult.NO_SECRET))
                .map(l -> new Refusal(
                        primary.id(),
                        "the password of " + l.getKey() + " was not compared: "
                                + l.getValue().reason(),
                        l.getValue().hint(),
                        ExitCode.INCOMPLETE))
                .toList();
    }

    /** Plans the role and the functions with which PgBouncers look up passwords. */
    private void pooler(List<Step> steps, PostgresState state, Node primary, ServerState server) {
        if (cluster.poolers().isEmpty()) {
            return;
        }
        DesiredRole target = new DesiredRole(
                PostgresCluster.POOLER,
                cluster.poolerPassword(),
                "role-user",
                s -> is(s, PostgresCluster.POOLER, "false"),
                "to look up passwords for PgBouncer");
        role(steps, state, primary, server, target);
        steps.addAll(lookup.steps(state, primary));
    }

    /** @param rights the script that sets the privileges; @param has whether a server reports these privileges */
    private record DesiredRole(
            String name, SecretRef password, String rights, Predicate<ServerState> has, String what) {}

    private void role(List<Step> steps, PostgresState state, Node primary, ServerState server, DesiredRole target) {
        Credentials login = new Credentials(target.name, target.password, "");
        boolean isThere = server.roles().containsKey(target.name);
        List<Action> rights = new ArrayList<>();
        rights.add(actions.sql(
                primary, Script.of("postgres/" + target.rights + ".sql").with("role", target.name)));
        if (isExpired(server, target.name)) {
            rights.add(actions.sql(
                    primary, Script.of("postgres/role-unexpired.sql").with("role", target.name)));
        }
        if (!isThere) {
            steps.add(on(primary, "Create the role " + target.name)
                    .because("the role " + target.name + " does not exist")
                    .type(actions.sql(primary, withPassword("create-role", target)), rights.get(0))
                    .until(has(primary, "the role " + target.name + " " + target.what, target.has), WITHIN));
        } else if (!target.has.test(server)) {
            steps.add(on(primary, "Correct the privileges of the role " + target.name)
                    .because(target.name + " is " + description(server, target.name) + ", desired " + target.what)
                    .type(rights)
                    .until(has(primary, "the role " + target.name + " " + target.what, target.has), WITHIN));
        }
        // the login of an expired role fails with the message of a wrong password
        if (isThere
                && !isExpired(server, target.name)
                && state.credentials().containsKey(target.name)
                && state.credentials().get(target.name).isRefused(WRONG_PASSWORD)) {
            steps.add(on(primary, "Set the password of " + target.name)
                    .because("login as " + target.name + " fails with " + target.password)
                    .type(actions.sql(primary, withPassword("role-password", target)))
                    .until(until.loginSucceeds(primary, login), WITHIN));
        }
    }

    private void memberships(List<Step> steps, Node primary, ServerState server, User user) {
        Set<String> is = memberOf(server, user.name());
        Set<String> desired = new LinkedHashSet<>(user.grants());
        List<Action> actions = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        desired.stream().filter(g -> !is.contains(g)).forEach(g -> {
            actions.add(membership(primary, "grant-role", user, g));
            lines.add("is not a member of " + g);
        });
        is.stream().filter(g -> !desired.contains(g)).forEach(g -> {
            actions.add(membership(primary, "revoke-role", user, g));
            lines.add("is a member of " + g + ", which is not declared");
        });
        if (!actions.isEmpty()) {
            steps.add(on(
                            primary,
                            "Make " + user.name() + " a member of "
                                    + (desired.isEmpty() ? "no role" : String.join(", ", desired)))
                    .because(user.name() + " " + String.join("; ", lines))
                    .type(actions)
                    .until(
                            has(
                                    primary,
                                    user.name() + " as a member of " + desired,
                                    s -> memberOf(s, user.name()).equals(desired)),
                            WITHIN));
        }
    }

    private Action membership(Node primary, String file, User user, String granted) {
        return actions.sql(
                primary,
                Script.of("postgres/" + file + ".sql").with("granted", granted).with("role", user.name()));
    }

    private static Set<String> memberOf(ServerState server, String role) {
        String list = server.roles().getOrDefault(role, Map.of()).getOrDefault("member_of", "");
        return list.isEmpty() ? Set.of() : new LinkedHashSet<>(Arrays.asList(list.split(",")));
    }

    /** Returns whether the role can log in, has the given replication attribute, and has no other privilege. */
    private static boolean is(ServerState server, String role, String replication) {
        Map<String, String> rights = server.roles().getOrDefault(role, Map.of());
        return !isExpired(server, role)
                && rights.getOrDefault("login", "").equals("true")
                && rights.getOrDefault("replication", "").equals(replication)
                && List.of("superuser", "createrole", "bypassrls").stream()
                        .noneMatch(r -> rights.getOrDefault(r, "").equals("true"));
    }

    /** Returns whether VALID UNTIL of a role has passed, so that it cannot log in with any password. */
    private static boolean isExpired(ServerState server, String role) {
        return server.roles()
                .getOrDefault(role, Map.of())
                .getOrDefault("expired", "")
                .equals("true");
    }

    private static String description(ServerState server, String role) {
        List<String> rights = server.roles().get(role).entrySet().stream()
                .filter(r -> r.getValue().equals("true"))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return rights.isEmpty() ? "without privileges" : "one with " + String.join(", ", rights);
    }

    private static Script withPassword(String file, DesiredRole target) {
        return Script.of("postgres/" + file + ".sql")
                .with("role", target.name)
                .with("verifier", new ScramVerifier(target.password));
    }

    private dev.holdfast.plan.Condition has(Node primary, String what, Predicate<ServerState> holds) {
        return until.server(primary, primary.name() + " has " + what, holds, s -> "not yet");
    }

    private static Step.Builder on(Node node, String title) {
        return Step.on(node.id(), title);
    }
}
