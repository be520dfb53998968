package dev.holdfast.mongodb.state;

import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A member that another server now observes as healthy.
 *
 * @param observer the observer: a member with its heartbeats, a router with its connections, or the host with a local query
 * @param endpoint the endpoint of the observed member
 * @param primary whether it is observed as primary
 */
public record PeerObservation(String observer, String endpoint, boolean primary) {

    private static final Duration LONG = Duration.ofSeconds(10);

    /** Returns the observations of the members that answer, from their heartbeats. */
    public static List<PeerObservation> byMembers(ReplicaSetState set) {
        return set.all()
                .flatMap(n -> n.reply().status().docs("members").stream()
                        .filter(m ->
                                !m.is("self") && !m.text("name").equals(n.node().endpoint()))
                        .filter(m -> m.number("health") == 1)
                        .map(m -> new PeerObservation(n.node().name(), m.text("name"), m.number("state") == 1)))
                .toList();
    }

    /** Returns the observations of routers, which monitor the members. */
    public static List<PeerObservation> byRouters(
            ExecutionContext context, List<Node> routers, Credentials login, String set) {
        return context
                .sideBySide(routers.stream()
                        .<Supplier<List<PeerObservation>>>map(r -> () -> byRouter(context, r, login, set))
                        .toList())
                .stream()
                .flatMap(List::stream)
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
            HELLO_ON_HOST
                    .read(answers.get(i))
                    .all(Answer.class)
                    .forEach(a -> state.add(new PeerObservation(
                            "its host " + node.host().name(), node.endpoint(), a.role() == Role.PRIMARY)));
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
            Stream<PeerObservation> those =
                    sightings.stream().filter(s -> s.endpoint().equals(endpoint));
            boolean leads = sightings.stream().anyMatch(s -> s.endpoint().equals(endpoint) && s.primary());
            lines.add(endpoint + " is " + (leads ? "primary" : "healthy") + " for "
                    + those.map(PeerObservation::observer).distinct().collect(Collectors.joining(", ")));
        }
        return String.join("; ", lines);
    }
}
