package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

/** The conditions that the steps end with. */
final class Until {

    private final PostgresProbes probes;

    Until(PostgresProbes probes) {
        this.probes = probes;
    }

    Condition hasDatabase(Node node) {
        return new Condition(node.name() + " has a whole database in its folder", world -> {
            Answer answer = probes.disk(world, node);
            boolean isWhole =
                    answer.isOk() && DiskSeen.of(node.id(), answer.text()).hasDatabase();
            return new Glimpse(isWhole, answer.isOk() ? "no database" : answer.sentence());
        });
    }

    Condition leads(Node node) {
        return server(node, node.name() + " answers as primary", s -> !s.isStandby(), s -> "a standby");
    }

    Condition follows(Node primary, Member member) {
        String name = member.node().name();
        return server(
                primary,
                name + " receives the log from " + primary.name(),
                s -> List.of("streaming", "catchup").contains(s.follower(name).getOrDefault("state", "")),
                s -> name + " is " + s.follower(name).getOrDefault("state", "not connected"));
    }

    /** A standby has replayed all that its primary had written when this was first asked. */
    Condition hasReplayed(Node primary, Member member) {
        String name = member.node().name();
        AtomicReference<Wal> first = new AtomicReference<>();
        return server(
                primary,
                name + " has replayed what " + primary.name() + " wrote until now",
                s -> {
                    first.compareAndSet(null, s.end());
                    return !first.get().isPast(replayed(s, name));
                },
                s -> name + " has replayed up to " + replayed(s, name) + " of " + first.get());
    }

    private static Wal replayed(ServerSeen primary, String name) {
        return Wal.at(Objects.toString(primary.follower(name).get("replay_lsn"), ""));
    }

    Condition server(Node node, String says, Predicate<ServerSeen> holds, Function<ServerSeen, String> told) {
        return new Condition(says, world -> {
            Answer answer = probes.server(world, node);
            if (!answer.isOk()) {
                return Condition.notYet(answer.sentence());
            }
            ServerSeen server = ServerSeen.of(answer);
            return new Glimpse(holds.test(server), told.apply(server));
        });
    }

    Condition member(Member member, String says, Predicate<MemberSeen> holds, Function<MemberSeen, String> told) {
        return new Condition(says, world -> {
            MemberSeen seen = probes.member(world, member);
            return new Glimpse(holds.test(seen), told.apply(seen));
        });
    }

    Condition cluster(String says, Predicate<PostgresSeen> holds, Function<PostgresSeen, String> told) {
        return new Condition(says, world -> {
            PostgresSeen seen = probes.look(world, false);
            return new Glimpse(holds.test(seen), told.apply(seen));
        });
    }

    Condition proxy(Proxy proxy, String says, Predicate<ProxySeen> holds, Function<ProxySeen, String> told) {
        return new Condition(says, world -> {
            ProxySeen seen = probes.entrances().proxy(world, proxy);
            return new Glimpse(holds.test(seen), told.apply(seen));
        });
    }

    /** A PgBouncer, with what comes back through it. */
    Condition pooler(Proxy proxy, String says, Predicate<ProxySeen> holds, Function<ProxySeen, String> told) {
        return new Condition(says, world -> {
            ProxySeen seen = probes.entrances().pooler(world, proxy);
            return new Glimpse(holds.test(seen), told.apply(seen));
        });
    }

    /** A PgBouncer's process and its files, the one with its password among them. */
    Condition keptPooler(Proxy proxy, Function<ProxySeen, Optional<String>> wrong) {
        String name = proxy.node().name();
        return new Condition(name + " runs with the configuration that is declared", world -> {
            ProxySeen seen = probes.entrances().proxy(world, proxy);
            Optional<String> why = wrong.apply(seen);
            if (why.isPresent() || !seen.isUp()) {
                return Condition.notYet(why.orElse("it does not run"));
            }
            boolean isStranger =
                    !probes.entrances().strangers(world, List.of(proxy.node())).isEmpty();
            return new Glimpse(!isStranger, isStranger ? PoolerPlan.STRANGER : "it runs");
        });
    }

    /** A question, and what its answer must be. */
    Condition answers(Action question, String says, Predicate<Answer> holds) {
        return new Condition(says, world -> {
            Answer answer = world.ask(question);
            return new Glimpse(holds.test(answer), answer.sentence());
        });
    }

    Condition comesIn(Node node, Login login) {
        return new Condition(login.user() + " comes in with its password", world -> {
            Answer answer = world.ask(new Action.Sql(
                    node,
                    login,
                    PostgresCluster.ADMIN,
                    Script.of("postgres/login.sql"),
                    Intent.LOOK,
                    PostgresProbes.SOON));
            return new Glimpse(answer.isOk(), answer.sentence());
        });
    }

    Condition knowsPasswords(Node node) {
        return new Condition(node.name() + " knows today's passwords", world -> {
            boolean isOutdated = !probes.outdated(world, List.of(node)).isEmpty();
            return new Glimpse(!isOutdated, isOutdated ? "others are in its file" : "they are in its file");
        });
    }

    Condition gone(Node node) {
        return new Condition(node.directory() + " and its processes are gone", world -> {
            Footing footing = probes.footing(world, node);
            boolean gone = footing.isDown() && footing.ground() == Ground.ABSENT;
            return new Glimpse(gone, footing.process() + ", folder " + footing.ground());
        });
    }
}
