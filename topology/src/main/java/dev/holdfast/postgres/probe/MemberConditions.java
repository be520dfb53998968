package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.postgres.state.DataDirectoryState;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PgBouncerState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.postgres.value.Lsn;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

/** The conditions of steps on members. */
public final class MemberConditions {

    private final ClusterProbe probes;

    public MemberConditions(ClusterProbe probes) {
        this.probes = probes;
    }

    public Condition hasDatabase(Node node) {
        return new Condition(node.name() + " has a complete data directory", context -> {
            ScriptAnswer answer = probes.disk(context, node);
            boolean isWhole = DataDirectoryState.of(node.id(), answer).hasDatabase();
            return new ProbeResult(isWhole, answer.isOk() ? "no database" : answer.sentence());
        });
    }

    public Condition leads(Node node) {
        return server(node, node.name() + " answers as primary", s -> !s.isStandby(), s -> "a standby");
    }

    public Condition follows(Node primary, Member member) {
        String name = member.node().name();
        return server(
                primary,
                name + " receives WAL from " + primary.name(),
                s -> List.of("streaming", "catchup").contains(s.follower(name).getOrDefault("state", "")),
                s -> name + " is " + s.follower(name).getOrDefault("state", "not connected"));
    }

    /** Holds when a started standby receives WAL and has replayed enough of it to accept connections. */
    public Condition standbyRuns(Node primary, Member member) {
        Node node = member.node();
        return follows(primary, member)
                .and(server(
                        node,
                        node.name() + " accepts connections",
                        s -> true,
                        s -> node.name() + " accepts connections"));
    }

    /** Holds when a standby has replayed all WAL that its primary had written at the first query. */
    public Condition hasReplayed(Node primary, Member member) {
        String name = member.node().name();
        AtomicReference<Lsn> first = new AtomicReference<>();
        return server(
                primary,
                name + " has replayed the present WAL of " + primary.name(),
                s -> {
                    first.compareAndSet(null, s.end());
                    return !first.get().isPast(replayed(s, name));
                },
                s -> name + " has replayed up to " + replayed(s, name) + " of " + first.get());
    }

    private static Lsn replayed(ServerState primary, String name) {
        return Lsn.at(Objects.toString(primary.follower(name).get("replay_lsn"), ""));
    }

    public Condition server(
            Node node, String description, Predicate<ServerState> holds, Function<ServerState, String> message) {
        return new Condition(description, context -> {
            ActionResult answer = probes.server(context, node);
            if (!answer.isOk()) {
                return Condition.notYet(answer.sentence());
            }
            ServerState server = ServerState.of(answer);
            return new ProbeResult(holds.test(server), message.apply(server));
        });
    }

    public Condition member(
            Member member, String description, Predicate<MemberState> holds, Function<MemberState, String> message) {
        return new Condition(description, context -> {
            MemberState state = probes.member(context, member);
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    public Condition cluster(
            String description, Predicate<PostgresState> holds, Function<PostgresState, String> message) {
        return new Condition(description, context -> {
            PostgresState state = probes.look(context, false);
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    public Condition proxy(
            Proxy proxy, String description, Predicate<ProxyState> holds, Function<ProxyState, String> message) {
        return new Condition(description, context -> {
            ProxyState state = probes.proxyProbes().proxy(context, proxy);
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    /** A condition on a PgBouncer and a query through it. */
    public Condition pooler(
            Proxy proxy, String description, Predicate<ProxyState> holds, Function<ProxyState, String> message) {
        return new Condition(description, context -> {
            ProxyState state = probes.proxyProbes().pooler(context, proxy);
            return new ProbeResult(holds.test(state), message.apply(state));
        });
    }

    /** A condition on the process and the files of a PgBouncer, including its password file. */
    public Condition keptPooler(Proxy proxy, Function<ProxyState, Optional<String>> wrong) {
        String name = proxy.node().name();
        return new Condition(name + " runs with the declared configuration", context -> {
            ProxyState state = probes.proxyProbes().proxy(context, proxy);
            Optional<String> why = wrong.apply(state);
            if (why.isPresent() || !state.isUp()) {
                return Condition.notYet(why.orElse(name + " is not running"));
            }
            HostProbes.Lacking lacking = probes.proxyProbes().undeclared(context, List.of(proxy.node()));
            return found(lacking, proxy.node(), name + " runs", PgBouncerState.WRONG_PASSWORD_FILE);
        });
    }

    /** A query, and the condition on its answer. */
    public Condition answers(Action question, String description, Predicate<ActionResult> holds) {
        return new Condition(description, context -> {
            ActionResult answer = context.ask(question);
            return new ProbeResult(holds.test(answer), answer.sentence());
        });
    }

    public Condition loginSucceeds(Node node, Credentials login) {
        return new Condition("login as " + login.user() + " succeeds with its password", context -> {
            ActionResult answer = context.ask(new Action.RunSql(
                    node, login, PostgresCluster.ADMIN, Script.of("postgres/login.sql"), Access.LOOK, HostProbes.SOON));
            return new ProbeResult(answer.isOk(), answer.sentence());
        });
    }

    public Condition knowsPasswords(Node node) {
        return new Condition(node.name() + " has the current passwords", context -> {
            HostProbes.Lacking lacking = probes.outdated(context, List.of(node));
            return found(lacking, node, "the password file is current", "the password file is outdated");
        });
    }

    private static ProbeResult found(HostProbes.Lacking lacking, Node node, String there, String missing) {
        return Optional.ofNullable(lacking.unknown().get(node))
                .map(a -> Condition.notYet(a.sentence()))
                .orElse(new ProbeResult(lacking.isFound(node), lacking.isFound(node) ? there : missing));
    }

    public Condition gone(Node node) {
        return new Condition(node.directory() + " and its processes are gone", context -> {
            HostFacts hostFacts = probes.hostFacts(context, node);
            boolean gone = hostFacts.isDown() && hostFacts.directoryOwner() == DirectoryOwner.ABSENT;
            return new ProbeResult(gone, hostFacts.process() + ", directory " + hostFacts.directoryOwner());
        });
    }
}
