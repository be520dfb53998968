package dev.holdfast.preflight;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Observes all hosts in parallel; changes nothing.
 *
 * <ol>
 *   <li>The facts about nodes, as every other command observes them. A host that does not answer costs its deadline only here.
 *   <li>{@code host/preflight.sh} on each host that answers.
 * </ol>
 */
public final class PreflightProbe {

    private static final Duration FACTS = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final Duration LEAST = Duration.ofMillis(100);

    private final ExecutionContext context;
    private final EstateNeeds needs;
    private final Instant end;

    /** @param limit of the whole observation */
    public PreflightProbe(ExecutionContext context, EstateNeeds needs, Duration limit) {
        this.context = context;
        this.needs = needs;
        this.end = context.now().plus(limit);
    }

    /** Returns the facts about all nodes. */
    public Map<Node, HostFacts> facts() {
        Map<Node, NodeNeeds> byNode = new LinkedHashMap<>();
        needs.nodes().forEach(n -> byNode.put(n.node(), n));
        return HostFacts.look(
                context,
                needs.estate(),
                List.copyOf(byNode.keySet()),
                n -> byNode.get(n).pidFile(),
                List.of(),
                within(FACTS));
    }

    /** @param facts about all nodes */
    public List<HostObservation> observe(Map<Node, HostFacts> facts) {
        return context.sideBySide(needs.hosts().stream()
                .<Supplier<HostObservation>>map(h -> () -> observe(h, facts))
                .toList());
    }

    private HostObservation observe(Host host, Map<Node, HostFacts> facts) {
        Map<Node, HostFacts> own = new LinkedHashMap<>();
        facts.forEach((node, fact) -> {
            if (node.host().equals(host)) {
                own.put(node, fact);
            }
        });
        Instant sent = context.now();
        if (!own.isEmpty() && own.values().stream().noneMatch(HostFacts::answers)) {
            String why = own.values().iterator().next().reason();
            return new HostObservation(host, own, ScriptAnswer.silent(why), sent, sent);
        }
        ActionResult result = context.ask(new Action.RunScript(host, script(host), Action.Access.LOOK, within(LOOK)));
        return new HostObservation(host, own, PreflightRecords.LOOK.read(result), sent, context.now());
    }

    private Duration within(Duration usual) {
        Duration left = Duration.between(context.now(), end);
        Duration shortest = left.compareTo(LEAST) < 0 ? LEAST : left;
        return shortest.compareTo(usual) < 0 ? shortest : usual;
    }

    private Script script(Host host) {
        Map<String, Boolean> programs = new LinkedHashMap<>();
        Set<String> folders = new LinkedHashSet<>();
        List<String> ports = new ArrayList<>();
        folders.add(host.directory() + "\t");
        for (NodeNeeds need : needs.on(host)) {
            need.programs()
                    .forEach(p -> p.names().forEach(name -> programs.merge(name, p.hasVersion(), Boolean::logicalOr)));
            folders.add(need.node().directory() + "\t" + need.account());
            need.ports().forEach(p -> ports.add(host.address() + "\t" + p.number()));
        }
        String peers = needs.links(host).stream()
                .map(l -> l.to().host().address() + "\t" + l.port().number())
                .distinct()
                .collect(Collectors.joining("\n"));
        return Script.of("host/preflight.sh")
                .with(
                        "programs",
                        programs.entrySet().stream()
                                .map(e -> e.getKey() + "\t" + (e.getValue() ? "yes" : "no"))
                                .collect(Collectors.joining("\n")))
                .with("folders", String.join("\n", folders))
                .with("names", needs.names())
                .with("ports", String.join("\n", ports))
                .with("peers", peers);
    }
}
