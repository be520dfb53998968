package dev.holdfast.mongodb.state;

import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A member that another server now observes as healthy.
 *
 * @param observer the observer: a member with its heartbeats, a router with its connections, or the host with a local query
 * @param endpoint the endpoint of the observed member
 * @param primary whether it is observed as primary
 * @param isKnown whether the observer answered; one that can reach the member and did not answer is no evidence of a loss
 */
public record PeerObservation(String observer, String endpoint, boolean primary, boolean isKnown) {

    public PeerObservation(String observer, String endpoint, boolean primary) {
        this(observer, endpoint, primary, true);
    }

    private static PeerObservation unknown(String observer, String endpoint) {
        return new PeerObservation(observer, endpoint, false, false);
    }

    private static final Duration LONG = Duration.ofSeconds(10);

    /** Returns the observations of the members that answer, from their heartbeats. */
    public static List<PeerObservation> byMembers(ReplicaSetState set) {
        return Stream.concat(fromHeartbeats(set), withoutHeartbeats(set)).toList();
    }

    /** Returns what is unknown because a member answered, and did not answer the question for its heartbeats. */
    private static Stream<PeerObservation> withoutHeartbeats(ReplicaSetState set) {
        return set.all()
                .filter(n -> n.isAdmin() && !n.isArbiter() && !n.setName().isEmpty())
                .filter(n -> n.reply().status().isEmpty() && n.reply().unready().isEmpty())
                .flatMap(n -> set.hosts().stream()
                        .filter(h -> !h.equals(n.node().endpoint()))
                        .map(h -> unknown(n.node().name(), h)));
    }

    private static Stream<PeerObservation> fromHeartbeats(ReplicaSetState set) {
        return set.all()
                .flatMap(n -> n.reply().status().docs("members").stream()
                        .filter(m ->
                                !m.is("self") && !m.text("name").equals(n.node().endpoint()))
                        .filter(m -> m.number("health") == 1)
                        .map(m -> new PeerObservation(n.node().name(), m.text("name"), m.number("state") == 1)));
    }

    /**
     * Returns the observations of routers, which monitor the members. A router that listens and does not answer from here is
     * unknown: it and its clients can still reach the members. One whose host reports that it has exited, is frozen or does not
     * listen leads no client to a member.
     */
    public static List<PeerObservation> byRouters(
            ExecutionContext context, String estate, List<Node> routers, Credentials login, ReplicaSetState set) {
        List<PeerObservation> all = new ArrayList<>();
        context.sideBySide(routers.stream()
                        .<Supplier<List<PeerObservation>>>map(r ->
                                () -> byRouter(context, r, login, set.desired().name()))
                        .toList())
                .forEach(all::addAll);
        listeningInVain(context, estate, routers)
                .forEach(r -> set.hosts().forEach(h -> all.add(unknown("router " + r.name(), h))));
        return all;
    }

    private static List<Node> listeningInVain(ExecutionContext context, String estate, List<Node> routers) {
        List<MongoDocument> hellos = ServerQueries.hellos(context, routers);
        List<Node> silent = IntStream.range(0, routers.size())
                .filter(i -> hellos.get(i).isEmpty())
                .mapToObj(routers::get)
                .toList();
        Map<Node, HostFacts> facts = silent.isEmpty()
                ? Map.of()
                : HostFacts.look(context, estate, silent, ServerProcess::pidFile, List.of());
        return silent.stream()
                .filter(r -> facts.get(r).portTaken() && facts.get(r).process() != NodeAvailability.DOWN)
                .filter(r -> facts.get(r).isUnclear() || facts.get(r).reason().isEmpty())
                .toList();
    }

    private static List<PeerObservation> byRouter(
            ExecutionContext context, Node router, Credentials login, String set) {
        return reply(context, router, login, "connections.json").doc("replicaSets").doc(set).docs("hosts").stream()
                .filter(h -> h.is("ok"))
                .map(h -> new PeerObservation("router " + router.name(), h.text("addr"), h.is("ismaster")))
                .toList();
    }

    /** {@code mongodb/hello-on-host.sh}. */
    public static final ScriptFormat HELLO_ON_HOST = new ScriptFormat("mongodb/hello-on-host.sh", Answer.class);

    private enum Role {
        PRIMARY,
        SECONDARY,
        OTHER
    }

    private record Answer(Role role) {}

    /** Returns the observations of hosts, for members that do not answer from here although their processes run. */
    public static List<PeerObservation> byHosts(ExecutionContext context, ReplicaSetState set) {
        List<NodeState> unheard = set.members().stream()
                .filter(n -> !n.answers() && n.hostFacts().isUp())
                .toList();
        List<ActionResult> answers = context.askAll(
                unheard.stream().<Action>map(n -> askThere(n.node())).toList());
        List<PeerObservation> state = new ArrayList<>();
        for (int i = 0; i < unheard.size(); i++) {
            Node node = unheard.get(i).node();
            String observer = "the member's host " + node.host().name();
            ScriptAnswer answer = HELLO_ON_HOST.read(answers.get(i));
            if (!answer.isOk()) {
                state.add(unknown(observer, node.endpoint()));
            }
            answer.all(Answer.class)
                    .forEach(a -> state.add(new PeerObservation(observer, node.endpoint(), a.role() == Role.PRIMARY)));
        }
        return state;
    }

    private static Action askThere(Node node) {
        Script script = Script.of(HELLO_ON_HOST.script())
                .with("address", node.host().address())
                .with("port", node.port());
        return new Action.RunScript(node.host(), script, Access.LOOK, LONG);
    }

    /** Returns a sentence such as "m1:27017 is primary for m2, m3". */
    public static String description(List<PeerObservation> sightings) {
        List<String> lines = new ArrayList<>();
        for (String endpoint :
                sightings.stream().map(PeerObservation::endpoint).distinct().toList()) {
            boolean leads = sightings.stream().anyMatch(s -> s.endpoint().equals(endpoint) && s.primary());
            String observers = observers(sightings, endpoint, true);
            String silent = observers(sightings, endpoint, false);
            if (!observers.isEmpty()) {
                lines.add(endpoint + " is " + (leads ? "primary" : "healthy") + " for " + observers);
            }
            if (!silent.isEmpty()) {
                lines.add(silent + " did not report whether " + endpoint + " answers");
            }
        }
        return String.join("; ", lines);
    }

    private static String observers(List<PeerObservation> sightings, String endpoint, boolean isKnown) {
        return sightings.stream()
                .filter(s -> s.endpoint().equals(endpoint) && s.isKnown() == isKnown)
                .map(PeerObservation::observer)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
