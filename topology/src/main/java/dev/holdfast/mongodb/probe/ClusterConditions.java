package dev.holdfast.mongodb.probe;

import static dev.holdfast.mongodb.action.ServerQueries.ask;
import static dev.holdfast.mongodb.action.ServerQueries.reply;
import static dev.holdfast.plan.Condition.holds;
import static dev.holdfast.plan.Condition.notYet;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicationLag;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.topology.DatabaseUser;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import java.util.List;
import java.util.Optional;

/** What must be seen after a step, and how to look for it. */
public record ClusterConditions(MongoCredentials logins) {

    public static Condition answers(Node node) {
        return new Condition(node.id() + " answers on " + node.endpoint(), world -> {
            ActionResult hello = world.ask(ServerQueries.hello(node));
            return new ProbeResult(hello.isOk(), hello.isOk() ? "it answers" : hello.text());
        });
    }

    public static Condition runs(String estate, Node node) {
        return new Condition("the process of " + node.id() + " lives", world -> {
            HostFacts footing = HostFacts.look(world, estate, List.of(node), ServerProcess::pidFile, List.of())
                    .get(node);
            return new ProbeResult(footing.isUp(), "its process is " + footing.process());
        });
    }

    /** Its host says that its process is gone; silence is not that. */
    public static Condition down(String estate, Node node) {
        return new Condition("the process of " + node.id() + " is gone", world -> {
            HostFacts footing = HostFacts.look(world, estate, List.of(node), ServerProcess::pidFile, List.of())
                    .get(node);
            return new ProbeResult(footing.isDown(), "its process is " + footing.process());
        });
    }

    public static Condition known(MongoSet set) {
        return new Condition("all members know that they are " + set.name(), world -> {
            List<MongoDocument> hellos = ServerQueries.hellos(world, set.nodes());
            long know = hellos.stream()
                    .filter(h -> h.text("setName").equals(set.name()))
                    .count();
            return new ProbeResult(know == hellos.size(), know + " of " + hellos.size() + " know it");
        });
    }

    public static Condition elected(MongoSet set) {
        return new Condition(
                set.name() + " has a primary",
                world -> primary(world, set)
                        .map(p -> holds(p.id() + " is primary"))
                        .orElse(notYet("none is primary")));
    }

    public static Condition elected(MongoSet set, Node notThis) {
        return new Condition(
                "another member of " + set.name() + " is primary",
                world -> primary(world, set)
                        .filter(p -> !p.equals(notThis))
                        .map(p -> holds(p.id() + " is primary"))
                        .orElse(notYet("no other is primary")));
    }

    /** Whoever of the declared members now says that it is primary. */
    public static Optional<Node> primary(ExecutionContext world, MongoSet set) {
        List<Node> nodes = set.nodes();
        List<MongoDocument> hellos = ServerQueries.hellos(world, nodes);
        for (int i = 0; i < nodes.size(); i++) {
            if (hellos.get(i).is("isWritablePrimary")
                    && hellos.get(i).text("setName").equals(set.name())) {
                return Optional.of(nodes.get(i));
            }
        }
        return Optional.empty();
    }

    /** An account is there with its roles and no others, and its password lets it in unless a restriction keeps us out. */
    public static Condition account(MongoSet set, DatabaseUser account, Credentials as) {
        return new Condition(
                account.name() + " of " + set.name() + " logs in and has " + account.wanted(),
                world -> primary(world, set)
                        .map(p -> accountAt(world, p, account, as))
                        .orElse(notYet("no primary")));
    }

    private static ProbeResult accountAt(ExecutionContext world, Node primary, DatabaseUser account, Credentials as) {
        MongoDocument user = ServerQueries.user(world, primary, as, account.name());
        if (!DatabaseUser.seen(user).equals(account.wanted())) {
            return notYet(user.isEmpty() ? "there is no such user" : "its roles are " + DatabaseUser.seen(user));
        }
        ActionResult answer = ask(world, primary, account.login(), "connected.json");
        String restrictions = DatabaseUser.restrictions(user);
        if (answer.isRefused(ServerQueries.NOT_LOGGED_IN) && !restrictions.isEmpty()) {
            return holds("has its roles; its login is restricted to " + restrictions);
        }
        return new ProbeResult(answer.isOk(), answer.isOk() ? "it logs in" : answer.sentence());
    }

    /** A configuration holds exactly these members and settings, and a majority has it. */
    public static Condition configured(Node primary, Credentials login, ReplicaSetConfig shape) {
        return new Condition(
                "the configuration of " + shape.name() + " has " + shape + ", known to a majority", world -> {
                    MongoDocument reply = reply(world, primary, login, "config-committed.json");
                    ReplicaSetConfig seen = ReplicaSetConfig.of(reply.doc("config"));
                    return new ProbeResult(
                            seen.equals(shape) && reply.is("commitmentStatus"),
                            reply.isEmpty()
                                    ? "no answer"
                                    : seen + (reply.is("commitmentStatus") ? "" : ", not committed"));
                });
    }

    /** All members are at work and all voters vote. */
    public Condition whole(MongoSet set) {
        return new Condition(
                "all members of " + set.name() + " are at work",
                world -> primary(world, set).map(p -> wholeAt(world, p)).orElse(notYet("no primary")));
    }

    private ProbeResult wholeAt(ExecutionContext world, Node primary) {
        MongoDocument status = reply(world, primary, logins.admin(), "status.json");
        MongoDocument config =
                reply(world, primary, logins.admin(), "config.json").doc("config");
        List<String> lacking = MemberHealth.lacking(status, config);
        return new ProbeResult(lacking.isEmpty(), lacking.isEmpty() ? "all are" : String.join("; ", lacking));
    }

    public long greatestLag(ExecutionContext world, MongoSet set) {
        return primary(world, set)
                .map(p -> ReplicationLag.greatest(
                        reply(world, p, logins.admin(), "status.json"),
                        reply(world, p, logins.admin(), "config.json").doc("config")))
                .orElse(Long.MAX_VALUE);
    }

    /** The config servers list the shard. */
    public Condition listed(MongoSet config, MongoSet shard) {
        return new Condition(
                "the config servers list " + shard.name(),
                world -> primary(world, config)
                        .map(p -> ShardingState.shards(world, p, logins.admin()).stream()
                                .anyMatch(s -> s.text("_id").equals(shard.name())))
                        .map(there -> new ProbeResult(there, there ? "listed" : "not listed"))
                        .orElse(notYet("no primary")));
    }
}
