package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoProbes.ask;
import static dev.holdfast.mongodb.MongoProbes.reply;
import static dev.holdfast.plan.Condition.holds;
import static dev.holdfast.plan.Condition.notYet;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What must be seen after a step, and how to look for it. */
record MongoUntil(MongoLogins logins) {

    static Condition answers(Node node) {
        return new Condition(node.id() + " answers on " + node.endpoint(), world -> {
            Answer hello = world.ask(MongoProbes.hello(node));
            return new Glimpse(hello.isOk(), hello.isOk() ? "it answers" : hello.text());
        });
    }

    static Condition runs(String estate, Node node) {
        return new Condition("the process of " + node.id() + " lives", world -> {
            Footing footing = Footing.look(world, estate, List.of(node), MongoServer::pidFile, List.of())
                    .get(node);
            return new Glimpse(footing.isUp(), "its process is " + footing.process());
        });
    }

    /** Its host says that its process is gone; silence is not that. */
    static Condition down(String estate, Node node) {
        return new Condition("the process of " + node.id() + " is gone", world -> {
            Footing footing = Footing.look(world, estate, List.of(node), MongoServer::pidFile, List.of())
                    .get(node);
            return new Glimpse(footing.isDown(), "its process is " + footing.process());
        });
    }

    static Condition known(MongoSet set) {
        return new Condition("all members know that they are " + set.name(), world -> {
            List<Doc> hellos = MongoProbes.hellos(world, set.nodes());
            long know = hellos.stream()
                    .filter(h -> h.text("setName").equals(set.name()))
                    .count();
            return new Glimpse(know == hellos.size(), know + " of " + hellos.size() + " know it");
        });
    }

    static Condition elected(MongoSet set) {
        return new Condition(
                set.name() + " has a primary",
                world -> primary(world, set)
                        .map(p -> holds(p.id() + " is primary"))
                        .orElse(notYet("none is primary")));
    }

    static Condition elected(MongoSet set, Node notThis) {
        return new Condition(
                "another member of " + set.name() + " is primary",
                world -> primary(world, set)
                        .filter(p -> !p.equals(notThis))
                        .map(p -> holds(p.id() + " is primary"))
                        .orElse(notYet("no other is primary")));
    }

    /** Whoever of the declared members now says that it is primary. */
    static Optional<Node> primary(World world, MongoSet set) {
        List<Node> nodes = set.nodes();
        List<Doc> hellos = MongoProbes.hellos(world, nodes);
        for (int i = 0; i < nodes.size(); i++) {
            if (hellos.get(i).is("isWritablePrimary")
                    && hellos.get(i).text("setName").equals(set.name())) {
                return Optional.of(nodes.get(i));
            }
        }
        return Optional.empty();
    }

    /** An account is there with its roles, and its password lets it in. */
    static Condition account(MongoSet set, Account account) {
        return new Condition(
                account.name() + " of " + set.name() + " logs in and has " + account.wanted(),
                world -> primary(world, set)
                        .map(p -> accountAt(world, p, account))
                        .orElse(notYet("no primary")));
    }

    private static Glimpse accountAt(World world, Node primary, Account account) {
        Answer answer = ask(world, primary, account.login(), "connected.json");
        if (!answer.isOk()) {
            return notYet(answer.sentence());
        }
        Doc status = Doc.of(answer.row()).doc("authInfo");
        Set<String> has = new TreeSet<>();
        status.docs("authenticatedUserRoles").forEach(r -> has.add(r.text("role") + "@" + r.text("db")));
        return new Glimpse(has.containsAll(account.wanted()), "has " + has);
    }

    /** A configuration holds exactly these members and settings, and a majority has it. */
    static Condition configured(Node primary, Login login, SetShape shape) {
        return new Condition(
                "the configuration of " + shape.name() + " has " + shape + ", known to a majority", world -> {
                    Doc reply = reply(world, primary, login, "config-committed.json");
                    SetShape seen = SetShape.of(reply.doc("config"));
                    return new Glimpse(
                            seen.equals(shape) && reply.is("commitmentStatus"),
                            reply.isEmpty()
                                    ? "no answer"
                                    : seen + (reply.is("commitmentStatus") ? "" : ", not committed"));
                });
    }

    /** All members are at work and all voters vote. */
    Condition whole(MongoSet set) {
        return new Condition(
                "all members of " + set.name() + " are at work",
                world -> primary(world, set).map(p -> wholeAt(world, p)).orElse(notYet("no primary")));
    }

    private Glimpse wholeAt(World world, Node primary) {
        Doc status = reply(world, primary, logins.admin(), "status.json");
        Doc config = reply(world, primary, logins.admin(), "config.json").doc("config");
        List<String> lacking = Wholeness.lacking(status, config);
        return new Glimpse(lacking.isEmpty(), lacking.isEmpty() ? "all are" : String.join("; ", lacking));
    }

    long greatestLag(World world, MongoSet set) {
        return primary(world, set)
                .map(p -> Lag.greatest(
                        reply(world, p, logins.admin(), "status.json"),
                        reply(world, p, logins.admin(), "config.json").doc("config")))
                .orElse(Long.MAX_VALUE);
    }

    /** The config servers list the shard. */
    Condition listed(MongoSet config, MongoSet shard) {
        return new Condition(
                "the config servers list " + shard.name(),
                world -> primary(world, config)
                        .map(p -> ShardingSeen.shards(world, p, logins.admin()).stream()
                                .anyMatch(s -> s.text("_id").equals(shard.name())))
                        .map(there -> new Glimpse(there, there ? "listed" : "not listed"))
                        .orElse(notYet("no primary")));
    }
}
