package dev.holdfast.drill;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.model.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The observed nodes and hosts of a drill's clusters, as facts for the ledger. */
public final class ObservedTopology {

    /** {@code host/system.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat("host/system.sh", HostSystem.class);

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private ObservedTopology() {}

    /** The operating system of a host; a value is empty when it is unknown. */
    private record HostSystem(String name, String kernel, String architecture) {}

    /** Returns each node with its place, role and version. */
    static List<Map<String, Object>> nodes(EstateState state) {
        return all(state).map(ObservedTopology::node).toList();
    }

    /** Asks the hosts of all nodes for their operating systems; a host that does not answer has none. */
    static List<Map<String, Object>> hosts(ExecutionContext context, EstateState state) {
        List<Host> hosts = all(state).map(n -> n.node().host()).distinct().toList();
        List<ActionResult> answers = context.askAll(hosts.stream()
                .<Action>map(h -> new Action.RunScript(h, Script.of(LOOK.script()), Action.Access.LOOK, DEADLINE))
                .toList());
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            Optional<HostSystem> system = LOOK.read(answers.get(i)).first(HostSystem.class, s -> true);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("host", hosts.get(i).name());
            facts.put("zone", hosts.get(i).zone());
            facts.put("region", hosts.get(i).region());
            facts.put("system", system.map(HostSystem::name).orElse(""));
            facts.put("kernel", system.map(HostSystem::kernel).orElse(""));
            facts.put("architecture", system.map(HostSystem::architecture).orElse(""));
            all.add(facts);
        }
        return all;
    }

    /** Observes the nodes again and records them as the state after the drill; not after an interruption. */
    public static void recordAfter(DrillContext drillContext) {
        if (DrillContext.INTERRUPTED.equals(drillContext.stopped())) {
            return;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("note", "the nodes were observed after the drill");
        facts.put("nodes_after", nodes(drillContext.look()));
        drillContext.ledger().note(Kind.NOTED, facts);
    }

    private static Stream<NodeStatus> all(EstateState state) {
        return state.clusters().values().stream().flatMap(c -> c.nodes().stream());
    }

    private static Map<String, Object> node(NodeStatus status) {
        Host host = status.node().host();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("node", status.node().id());
        facts.put("cluster", status.node().cluster());
        facts.put("group", status.node().group());
        facts.put("program", status.node().kind().name().toLowerCase(Locale.ROOT));
        facts.put("host", host.name());
        facts.put("zone", host.zone());
        facts.put("region", host.region());
        facts.put("state", status.state().name().toLowerCase(Locale.ROOT));
        facts.put("role", status.role());
        facts.put("version", status.fact("version").map(Object::toString).orElse(""));
        return facts;
    }
}
