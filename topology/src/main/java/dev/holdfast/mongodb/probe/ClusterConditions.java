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
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.OptionsDiff;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicationLag;
import dev.holdfast.mongodb.state.ServerReply;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.topology.DatabaseUser;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The conditions of steps on MongoDB servers and sets. */
public record ClusterConditions(MongoCredentials credentials) {

    public static Condition answers(Node node) {
        return new Condition(node.id() + " answers on " + node.endpoint(), context -> {
            ActionResult hello = context.ask(ServerQueries.hello(node));
            return new ProbeResult(hello.isOk(), hello.isOk() ? node.id() + " answers" : hello.text());
        });
    }

    public static Condition runs(String estate, Node node) {
        return new Condition("the process of " + node.id() + " runs", context -> {
            HostFacts hostFacts = HostFacts.look(context, estate, List.of(node), ServerProcess::pidFile, List.of())
                    .get(node);
            return new ProbeResult(hostFacts.isUp(), "the process is " + hostFacts.process());
        });
    }

    /** Returns the condition that the host reports the end of the process; no answer is not enough. */
    public static Condition down(String estate, Node node) {
        return new Condition("the process of " + node.id() + " has ended", context -> {
            HostFacts hostFacts = HostFacts.look(context, estate, List.of(node), ServerProcess::pidFile, List.of())
                    .get(node);
            return new ProbeResult(hostFacts.isDown(), "the process is " + hostFacts.process());
        });
    }

    /**
     * Returns whether a server runs with its declared options now.
     *
     * @param which the differences that count
     */
    public ProbeResult asDeclared(
            ExecutionContext context, MongoCluster cluster, Node node, Function<OptionsDiff, List<String>> which) {
        ServerReply reply =
                ServerReply.from(context, credentials, node, ServerConfiguration.watchedParameters(cluster));
        if (reply.options().isEmpty()) {
            return notYet("the options cannot be read");
        }
        List<String> left = which.apply(OptionsDiff.of(ServerConfiguration.of(cluster, node), reply));
        return new ProbeResult(left.isEmpty(), left.isEmpty() ? "as declared" : String.join("; ", left));
    }

    public static Condition known(MongoSet set) {
        return new Condition("all members report set " + set.name(), context -> {
            List<MongoDocument> hellos = ServerQueries.hellos(context, set.nodes());
            long know = hellos.stream()
                    .filter(h -> h.text("setName").equals(set.name()))
                    .count();
            return new ProbeResult(know == hellos.size(), know + " of " + hellos.size() + " report the set");
        });
    }

    public static Condition elected(MongoSet set) {
        return new Condition(
                set.name() + " has a primary",
                context -> primary(context, set)
                        .map(p -> holds(p.id() + " is primary"))
                        .orElse(notYet("none is primary")));
    }

    public static Condition elected(MongoSet set, Node notThis) {
        return new Condition(
                "another member of " + set.name() + " is primary",
                context -> primary(context, set)
                        .filter(p -> !p.equals(notThis))
                        .map(p -> holds(p.id() + " is primary"))
                        .orElse(notYet("no other is primary")));
    }

    /** Returns the declared member that now reports itself as primary. */
    public static Optional<Node> primary(ExecutionContext context, MongoSet set) {
        List<Node> nodes = set.nodes();
        List<MongoDocument> hellos = ServerQueries.hellos(context, nodes);
        for (int i = 0; i < nodes.size(); i++) {
            if (hellos.get(i).is("isWritablePrimary")
                    && hellos.get(i).text("setName").equals(set.name())) {
                return Optional.of(nodes.get(i));
            }
        }
        return Optional.empty();
    }

    /** Returns the condition that a user has exactly its roles and logs in, unless a restriction forbids the login. */
    public static Condition account(MongoSet set, DatabaseUser account, Credentials as) {
        return new Condition(
                account.name() + " of " + set.name() + " logs in and has " + account.desired(),
                context -> primary(context, set)
                        .map(p -> accountAt(context, p, account, as))
                        .orElse(notYet("no primary")));
    }

    private static ProbeResult accountAt(ExecutionContext context, Node primary, DatabaseUser account, Credentials as) {
        MongoDocument user = ServerQueries.user(context, primary, as, account.name());
        if (!DatabaseUser.observed(user).equals(account.desired())) {
            return notYet(user.isEmpty() ? "the user does not exist" : "the roles are " + DatabaseUser.observed(user));
        }
        if (DatabaseUser.hasWeakLogin(user)) {
            return notYet("the user can also log in by " + DatabaseUser.WEAK_MECHANISM);
        }
        ActionResult answer = ask(context, primary, account.login(), "connected.json");
        String restrictions = DatabaseUser.restrictions(user);
        if (answer.isRefused(ServerQueries.NOT_LOGGED_IN) && !restrictions.isEmpty()) {
            return holds("the user has its roles; the login is restricted to " + restrictions);
        }
        if (answer.isRefused(ActionResult.NO_SECRET)) {
            return holds("the user has its roles; the secret is not known here, so the password was not compared");
        }
        return new ProbeResult(answer.isOk(), answer.isOk() ? "the user logs in" : answer.sentence());
    }

    /** Returns the condition that the configuration has exactly these members and settings and a majority has it. */
    public static Condition configured(Node primary, Credentials login, ReplicaSetConfig shape) {
        return new Condition(
                "the configuration of " + shape.name() + " has " + shape + ", known to a majority", context -> {
                    MongoDocument reply = reply(context, primary, login, "config-committed.json");
                    ReplicaSetConfig state = ReplicaSetConfig.of(reply.doc("config"));
                    return new ProbeResult(
                            state.equals(shape) && reply.is("commitmentStatus"),
                            reply.isEmpty()
                                    ? "no answer"
                                    : state + (reply.is("commitmentStatus") ? "" : ", not committed"));
                });
    }

    /** Returns the condition that all members are healthy and all voters vote. */
    public Condition whole(MongoSet set) {
        return new Condition(
                "all members of " + set.name() + " are healthy",
                context -> primary(context, set).map(p -> wholeAt(context, p)).orElse(notYet("no primary")));
    }

    private ProbeResult wholeAt(ExecutionContext context, Node primary) {
        MongoDocument status = reply(context, primary, credentials.admin(), "status.json");
        MongoDocument config =
                reply(context, primary, credentials.admin(), "config.json").doc("config");
        List<String> lacking = MemberHealth.lacking(status, config);
        return new ProbeResult(lacking.isEmpty(), lacking.isEmpty() ? "all are" : String.join("; ", lacking));
    }

    public long greatestLag(ExecutionContext context, MongoSet set) {
        return primary(context, set)
                .map(p -> ReplicationLag.greatest(
                        reply(context, p, credentials.admin(), "status.json"),
                        reply(context, p, credentials.admin(), "config.json").doc("config")))
                .orElse(Long.MAX_VALUE);
    }

    /** Returns the condition that the config servers list the shard. */
    public Condition listed(MongoSet config, MongoSet shard) {
        return new Condition(
                "the config servers list " + shard.name(),
                context -> primary(context, config)
                        .map(p -> ShardingState.shards(context, p, credentials.admin()).stream()
                                .anyMatch(s -> s.text("_id").equals(shard.name())))
                        .map(there -> new ProbeResult(there, there ? "listed" : "not listed"))
                        .orElse(notYet("no primary")));
    }
}
