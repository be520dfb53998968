package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.model.Secret;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.PostgresCluster.User;
import dev.holdfast.world.Action;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Who exists on the primary and what they may: replication and rewind with least rights, the database, its users. */
final class Roles {

    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String WRONG_PASSWORD = "28P01";

    private final PostgresCluster cluster;
    private final Typing typing;
    private final Until until;
    private final PoolerLookup lookup;

    Roles(PostgresCluster cluster, Typing typing, Until until) {
        this.lookup = new PoolerLookup(cluster, until);
        this.cluster = cluster;
        this.typing = typing;
        this.until = until;
    }

    /** What is missing on the primary, in the order in which it is made. */
    List<Step> steps(PostgresSeen seen, Node primary, ServerSeen server) {
        List<Step> steps = new ArrayList<>();
        role(
                steps,
                seen,
                primary,
                server,
                new Wish(
                        PostgresCluster.REPLICATION,
                        cluster.replicationPassword(),
                        "role-replication",
                        s -> is(s, PostgresCluster.REPLICATION, "true"),
                        "for replication only"));
        role(
                steps,
                seen,
                primary,
                server,
                new Wish(
                        PostgresCluster.REWIND,
                        cluster.rewindPassword(),
                        "role-rewind",
                        s -> is(s, PostgresCluster.REWIND, "false") && s.rewinderMayRewind(),
                        "for pg_rewind only"));
        if (!server.hasDatabase()) {
            steps.add(on(primary, "Make the database " + cluster.database())
                    .because("there is no database " + cluster.database())
                    .type(typing.sql(
                            primary, Script.of("postgres/create-database.sql").with("database", cluster.database())))
                    .until(has(primary, "the database " + cluster.database(), ServerSeen::hasDatabase), WITHIN));
        }
        pooler(steps, seen, primary, server);
        for (User user : cluster.users()) {
            role(
                    steps,
                    seen,
                    primary,
                    server,
                    new Wish(
                            user.name(), user.password(), "role-user", s -> is(s, user.name(), "false"), "to come in"));
            memberships(steps, primary, server, user);
        }
        return steps;
    }

    /** Whom PgBouncers look passwords up as, and by what. */
    private void pooler(List<Step> steps, PostgresSeen seen, Node primary, ServerSeen server) {
        if (cluster.poolers().isEmpty()) {
            return;
        }
        Wish wish = new Wish(
                PostgresCluster.POOLER,
                cluster.poolerPassword(),
                "role-user",
                s -> is(s, PostgresCluster.POOLER, "false"),
                "to look up passwords for PgBouncer");
        role(steps, seen, primary, server, wish);
        steps.addAll(lookup.steps(seen, primary));
    }

    /** @param rights the file that says what the role may; @param has whether a server says that it may */
    private record Wish(String name, Secret password, String rights, Predicate<ServerSeen> has, String what) {}

    private void role(List<Step> steps, PostgresSeen seen, Node primary, ServerSeen server, Wish wish) {
        Login login = new Login(wish.name, wish.password, "");
        boolean isThere = server.roles().containsKey(wish.name);
        Action rights = typing.sql(
                primary, Script.of("postgres/" + wish.rights + ".sql").with("role", wish.name));
        if (!isThere) {
            steps.add(on(primary, "Make the role " + wish.name)
                    .because("there is no role " + wish.name)
                    .type(typing.sql(primary, withPassword("create-role", wish)), rights)
                    .until(has(primary, "the role " + wish.name + " " + wish.what, wish.has), WITHIN));
        } else if (!wish.has.test(server)) {
            steps.add(on(primary, "Put the rights of the role " + wish.name + " right")
                    .because(wish.name + " is " + told(server, wish.name) + ", wanted " + wish.what)
                    .type(rights)
                    .until(has(primary, "the role " + wish.name + " " + wish.what, wish.has), WITHIN));
        }
        if (isThere
                && seen.logins().containsKey(wish.name)
                && seen.logins().get(wish.name).isRefused(WRONG_PASSWORD)) {
            steps.add(on(primary, "Set the password of " + wish.name)
                    .because(wish.name + " does not come in with " + wish.password)
                    .type(typing.sql(primary, withPassword("role-password", wish)))
                    .until(until.comesIn(primary, login), WITHIN));
        }
    }

    private void memberships(List<Step> steps, Node primary, ServerSeen server, User user) {
        Set<String> is = memberOf(server, user.name());
        Set<String> wanted = new LinkedHashSet<>(user.grants());
        List<Action> actions = new ArrayList<>();
        List<String> told = new ArrayList<>();
        wanted.stream().filter(g -> !is.contains(g)).forEach(g -> {
            actions.add(membership(primary, "grant-role", user, g));
            told.add("is not a member of " + g);
        });
        is.stream().filter(g -> !wanted.contains(g)).forEach(g -> {
            actions.add(membership(primary, "revoke-role", user, g));
            told.add("is a member of " + g + ", which is not declared");
        });
        if (!actions.isEmpty()) {
            steps.add(on(
                            primary,
                            "Make " + user.name() + " a member of "
                                    + (wanted.isEmpty() ? "no role" : String.join(", ", wanted)))
                    .because(user.name() + " " + String.join("; ", told))
                    .type(actions)
                    .until(
                            has(
                                    primary,
                                    user.name() + " as a member of " + wanted,
                                    s -> memberOf(s, user.name()).equals(wanted)),
                            WITHIN));
        }
    }

    private Action membership(Node primary, String file, User user, String granted) {
        return typing.sql(
                primary,
                Script.of("postgres/" + file + ".sql").with("granted", granted).with("role", user.name()));
    }

    private static Set<String> memberOf(ServerSeen server, String role) {
        String list = server.roles().getOrDefault(role, Map.of()).getOrDefault("member_of", "");
        return list.isEmpty() ? Set.of() : new LinkedHashSet<>(Arrays.asList(list.split(",")));
    }

    /** May come in, replicates or not, and has no right beside that. */
    private static boolean is(ServerSeen server, String role, String replication) {
        Map<String, String> rights = server.roles().getOrDefault(role, Map.of());
        return rights.getOrDefault("login", "").equals("true")
                && rights.getOrDefault("replication", "").equals(replication)
                && List.of("superuser", "createrole", "bypassrls").stream()
                        .noneMatch(r -> rights.getOrDefault(r, "").equals("true"));
    }

    private static String told(ServerSeen server, String role) {
        List<String> rights = server.roles().get(role).entrySet().stream()
                .filter(r -> r.getValue().equals("true"))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return rights.isEmpty() ? "without any right" : "one with " + String.join(", ", rights);
    }

    private static Script withPassword(String file, Wish wish) {
        return Script.of("postgres/" + file + ".sql").with("role", wish.name).with("password", wish.password);
    }

    private dev.holdfast.plan.Condition has(Node primary, String what, Predicate<ServerSeen> holds) {
        return until.server(primary, primary.name() + " has " + what, holds, s -> "not yet");
    }

    private static Step.Draft on(Node node, String title) {
        return Step.on(node.id(), title);
    }
}
