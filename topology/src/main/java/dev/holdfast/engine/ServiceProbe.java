package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The probe of the services of servers: one script per host whose servers can have units; changes nothing. */
public final class ServiceProbe {

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private ServiceProbe() {}

    /** Returns what the hosts report, by node; a host that does not answer, or is not asked, has no entry. */
    public static Map<Node, ServiceFacts> look(ExecutionContext context, List<ServiceUnit> units) {
        Map<Host, List<ServiceUnit>> byHost = units.stream()
                .filter(ServiceUnit::isDeclarable)
                .collect(Collectors.groupingBy(u -> u.node().host(), LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        if (hosts.isEmpty()) {
            return Map.of();
        }
        List<ActionResult> answers = context.askAll(hosts.stream()
                .<Action>map(h -> new Action.RunScript(h, ask(byHost.get(h)), Access.LOOK, DEADLINE))
                .toList());
        Map<Node, ServiceFacts> facts = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            ScriptAnswer answer = ServiceFacts.LOOK.read(answers.get(i));
            byHost.get(hosts.get(i))
                    .forEach(u -> ServiceFacts.of(u.node().id(), answer).ifPresent(f -> facts.put(u.node(), f)));
        }
        return facts;
    }

    private static Script ask(List<ServiceUnit> units) {
        String lines = units.stream()
                .map(u -> String.join(
                        "\t",
                        u.node().id(),
                        u.node().directory(),
                        u.pidFile(),
                        u.name(),
                        u.kind(),
                        u.title(),
                        u.peers()))
                .collect(Collectors.joining("\n"));
        return Script.of(ServiceFacts.LOOK.script())
                .with("nodes", lines)
                .with("service_want", units.get(0).want());
    }

    /** Returns the condition that the host has exactly the declared unit. */
    static Condition isAsDeclared(ServiceUnit unit) {
        return new Condition("the service of " + unit.node().id() + " is as declared", context -> {
            ServiceFacts facts = look(context, List.of(unit)).get(unit.node());
            return facts == null
                    ? Condition.notYet("the host did not report the service")
                    : new ProbeResult(facts.state() == ServiceFacts.State.CURRENT, "the service is " + facts.text());
        });
    }
}
