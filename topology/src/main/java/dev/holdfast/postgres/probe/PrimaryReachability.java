package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
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
 * The nodes that still reach a primary which does not answer Holdfast. Such a primary is not lost.
 *
 * <ol>
 *   <li>The server: a reported error is an answer, unless the server reports that it is starting or shutting down.
 *   <li>Its host: a query through the local socket. An open port is no evidence: the kernel accepts connections for a frozen
 *       server.
 *   <li>Each proxy: a primary answers a query through it.
 *   <li>Each standby: its WAL receiver got a message from the primary between two queries.
 * </ol>
 */
final class PrimaryReachability {

    private static final Duration LOCALLY = Duration.ofSeconds(4);
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
                .filter(p -> !onlyStandbys && p.writesGoTo().contains(lost.name()))
                .forEach(p -> questions.add(() -> through(context, p)));
        state.members().stream()
                .filter(s -> s.isStandby() && !asked.contains(s.name()))
                .filter(s -> follows(s.server(), lost.node()))
                .forEach(s -> questions.add(() -> atStandby(context, s, lost)));
        return context.sideBySide(questions).stream().flatMap(Optional::stream).toList();
    }

    static Optional<String> ownAnswer(MemberState lost) {
        return lost.reportsError()
                ? Optional.of("its server reports an error: " + lost.answer().sentence())
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
                context.ask(new Action.RunScript(lost.node().host(), script, Access.LOOK, LOCALLY.plusSeconds(1)));
        return QUERY.read(answer)
                .first(Answer.class, a -> a.primary() == Truth.T)
                .map(a -> "on its host it answers through the local socket, with " + a.clients()
                        + " client sessions and "
                        + (a.standbys().isEmpty() ? "no standby" : a.standbys() + " streaming"));
    }

    private Optional<String> through(ExecutionContext context, ProxyState proxy) {
        ActionResult answer = context.ask(queries.sql(proxy.node(), "role", RoleChangeQueries.SOON));
        return answer.isOk() && Boolean.FALSE.equals(answer.row().get("standby"))
                ? Optional.of("the proxy on " + proxy.node().name() + " reaches it, and so do its clients")
                : Optional.empty();
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
        String first = lastMessageTime(context, standby);
        context.pause(BETWEEN_LOOKS);
        String second = lastMessageTime(context, standby);
        return first.isEmpty() || second.isEmpty() || first.equals(second)
                ? Optional.empty()
                : Optional.of(standby.name() + " receives WAL messages from " + lost.name());
    }

    private String lastMessageTime(ExecutionContext context, MemberState standby) {
        ActionResult answer = queries.server(context, standby.node());
        return answer.isOk() ? ServerState.of(answer).receiver().getOrDefault("heard", "") : "";
    }
}
