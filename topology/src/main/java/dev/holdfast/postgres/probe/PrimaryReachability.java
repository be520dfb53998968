package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The nodes that still reach a primary which does not answer Holdfast, or that can reach it and did not say so. Such a primary
 * is not lost: a missing answer is no evidence.
 *
 * <ol>
 *   <li>The server: a reported error is an answer, unless the server reports that it is starting or shutting down.
 *   <li>Its host: a query through the local socket. An open port is no evidence: the kernel accepts connections for a frozen
 *       server. Only a query that the host has made in vain shows that the server does not answer.
 *   <li>Each proxy that leads to it or does not report its routes: a primary answers a query through it, also with an error. A
 *       proxy without a server is silent.
 *   <li>Each standby: its WAL receiver got a message from the primary between two queries, which both need an answer.
 * </ol>
 */
final class PrimaryReachability {

    private static final Duration LOCALLY = Duration.ofSeconds(4);
    /** A busy host starts the programs of the query late, and an answer that is missing for that reason would refuse a failover. */
    private static final Duration START = Duration.ofSeconds(10);

    /** The exit codes of {@code timeout} and {@code psql} after a query in vain; any other failure made no query. */
    private static final Set<String> VAIN = Set.of("2", "124", "137");

    private static final String SERVER_ERROR = "FATAL:";
    private static final String NOT_READY = "the database system is ";

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final RoleChangeQueries queries;

    PrimaryReachability(RoleChangeQueries queries) {
        this.queries = queries;
    }

    /**
     * Returns a sentence for each node that reaches it; none while its host reports that it is not running.
     *
     * @param asked standbys with an earlier answer
     * @param onlyStandbys whether its host and the proxies have already answered
     */
    List<String> byOthers(
            ExecutionContext context, PostgresState state, MemberState lost, Set<String> asked, boolean onlyStandbys) {
        if (lost.isDown() && lost.hasDatabase()) {
            return List.of();
        }
        List<Supplier<Optional<String>>> questions = new ArrayList<>();
        if (!onlyStandbys && !lost.isOutOfReach() && !lost.isDown()) {
            questions.add(() -> onItsHost(context, lost));
        }
        state.proxies().stream()
                .filter(p -> !onlyStandbys && canReach(p, lost))
                .forEach(p -> questions.add(() -> through(context, p)));
        state.members().stream()
                .filter(s -> s.isStandby() && !asked.contains(s.name()))
                .filter(s -> follows(s.server(), lost.node()))
                .forEach(s -> questions.add(() -> atStandby(context, s, lost)));
        return context.sideBySide(questions).stream().flatMap(Optional::stream).toList();
    }

    /** A proxy that does not report its routes can lead clients to any member. */
    private static boolean canReach(ProxyState proxy, MemberState lost) {
        return proxy.state() == NodeAvailability.SILENT || proxy.writesGoTo().contains(lost.name());
    }

    static Optional<String> ownAnswer(MemberState lost) {
        return lost.reportsError()
                ? Optional.of("the server reports an error: " + lost.answer().sentence())
                : Optional.empty();
    }

    /** {@code postgres/query-check.sh}. */
    static final ScriptFormat QUERY = new ScriptFormat("postgres/query-check.sh", Answer.class);

    private enum Truth {
        T,
        F
    }

    private record Answer(Truth primary, long clients, String standbys) {}

    private static Optional<String> onItsHost(ExecutionContext context, MemberState lost) {
        Script script = Script.of(QUERY.script())
                .with("directory", lost.node().directory())
                .with("port", lost.node().port())
                .with("statement", Script.of("postgres/query-check.sql"))
                .with("seconds", LOCALLY.toSeconds());
        ActionResult answer =
                context.ask(new Action.RunScript(lost.node().host(), script, Access.LOOK, LOCALLY.plus(START)));
        return localAnswer(answer);
    }

    static Optional<String> localAnswer(ActionResult answer) {
        if (answer.isRefused() && VAIN.contains(answer.code())) {
            return answer.text().contains(SERVER_ERROR) && !answer.text().contains(NOT_READY)
                    ? Optional.of("on its own host the server reports an error: "
                            + answer.text().strip())
                    : Optional.empty();
        }
        ScriptAnswer read = QUERY.read(answer);
        List<Answer> answers = read.all(Answer.class);
        if (!read.isOk() || answers.isEmpty()) {
            return Optional.of("the host did not report whether the server answers through the local socket: "
                    + (read.isOk() ? "the answer is empty" : read.sentence()));
        }
        return answers.stream()
                .filter(a -> a.primary() == Truth.T)
                .map(a -> "on its own host the server answers through the local socket, with " + a.clients()
                        + " client sessions and "
                        + (a.standbys().isEmpty() ? "no standby" : a.standbys() + " streaming"))
                .findFirst();
    }

    private Optional<String> through(ExecutionContext context, ProxyState proxy) {
        return through(proxy.node().name(), context.ask(queries.sql(proxy.node(), "role", RoleChangeQueries.SOON)));
    }

    static Optional<String> through(String proxy, ActionResult answer) {
        if (answer.isRefused()) {
            return isOfServer(answer.code())
                    ? Optional.of(
                            "through the proxy on " + proxy + " the server reports an error: " + answer.sentence())
                    : Optional.empty();
        }
        return answer.isOk() && !Boolean.TRUE.equals(answer.row().get("standby"))
                ? Optional.of("the proxy on " + proxy + " reaches the server, and so do the clients of the proxy")
                : Optional.empty();
    }

    /** Whether a server that runs reports this SQLSTATE. A proxy without a server reports class 08, and a stopping server 57P. */
    private static boolean isOfServer(String code) {
        return code.matches("[0-9A-Z]{5}") && !code.startsWith("08") && !code.startsWith("57P");
    }

    private static boolean follows(ServerState standby, Node primary) {
        String port = standby.receiver().getOrDefault("sender_port", "");
        return standby.receives()
                && standby.receiver()
                        .getOrDefault("sender_host", "")
                        .equals(primary.host().address())
                && port.equals(Integer.toString(primary.port()));
    }

    private Optional<String> atStandby(ExecutionContext context, MemberState standby, MemberState lost) {
        ActionResult first = queries.server(context, standby.node());
        context.pause(BETWEEN_LOOKS);
        return received(standby.name(), lost, first, queries.server(context, standby.node()));
    }

    static Optional<String> received(String standby, MemberState lost, ActionResult first, ActionResult second) {
        if (!first.isOk() || !second.isOk()) {
            ActionResult missing = first.isOk() ? second : first;
            return Optional.of(standby + " followed " + lost.name() + ", and did not report whether it still does: "
                    + missing.sentence());
        }
        ServerState now = ServerState.of(second);
        String lastWalMessage = lastWalMessage(now);
        return lastWalMessage.isEmpty()
                        || lastWalMessage.equals(lastWalMessage(ServerState.of(first)))
                        || !follows(now, lost.node())
                ? Optional.empty()
                : Optional.of(standby + " receives WAL messages from " + lost.name());
    }

    private static String lastWalMessage(ServerState standby) {
        return standby.receiver().getOrDefault("heard", "");
    }
}
