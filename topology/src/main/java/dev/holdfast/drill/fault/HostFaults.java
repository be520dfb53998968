package dev.holdfast.drill.fault;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Host;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Injects faults on hosts, observes their effect, and reverts them. Each fault's revert is on record on its host
 * before the fault is injected. After {@link #PATIENCE} without a heartbeat from the CLI the host executes the revert
 * by itself.
 */
public final class HostFaults {

    /** How long a host waits for a heartbeat of the CLI before it reverts by itself. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration SOON = Duration.ofSeconds(15);
    /** The time limit of a planned restart. */
    private static final Duration INJECTION = Duration.ofSeconds(60);

    private static final Duration EFFECT = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final ExecutionContext context;
    private long beat;

    public HostFaults(ExecutionContext context) {
        this.context = context;
    }

    /** A fault that is on record on a host. */
    public record Recorded(Host host, String name, String description) {}

    /** Returns why the fault cannot be injected here; empty when it can. */
    public List<Refusal> impossible(Fault fault, AffectedNode affected) {
        ActionResult answer = context.ask(
                new Action.RunScript(affected.host(), fault.script(affected, "possible"), Access.LOOK, SOON));
        return answer.isOk()
                ? List.of()
                : List.of(new Refusal(
                        affected.name(),
                        "the fault " + fault.name() + " is not possible here: "
                                + answer.text().strip(),
                        "holdfast drill list shows drills with other faults"));
    }

    /** Records the revert, then injects the fault; returns the result of the injection. */
    public ActionResult inject(Fault fault, AffectedNode affected) {
        Script script = Script.of("host/faults-inject.sh")
                .with("directory", affected.host().directory())
                .with("fault", name(fault, affected))
                .with("description", fault.name() + " of " + affected.name())
                .with("patience", PATIENCE.toSeconds())
                .with("revert", fault.script(affected, "revert"))
                .with("inject", fault.script(affected, "inject"));
        return context.ask(new Action.RunScript(affected.host(), script, Access.CHANGE, INJECTION));
    }

    /** Observes until the fault is in effect; returns the last observation when it never was. */
    public boolean tookEffect(Fault fault, AffectedNode affected) {
        Instant limit = context.now().plus(EFFECT);
        while (true) {
            if (isObserved(fault, affected)) {
                return true;
            }
            if (!context.now().isBefore(limit)) {
                return false;
            }
            context.pause(MOMENT);
        }
    }

    public boolean isObserved(Fault fault, AffectedNode affected) {
        return context.ask(new Action.RunScript(affected.host(), fault.script(affected, "verify"), Access.LOOK, SOON))
                .isOk();
    }

    /** Whether the host says that the fault is not in effect; a missing answer says nothing. */
    public boolean isGone(Fault fault, AffectedNode affected) {
        return context.ask(new Action.RunScript(affected.host(), fault.script(affected, "verify"), Access.LOOK, SOON))
                .isRefused();
    }

    public ActionResult revert(Fault fault, AffectedNode affected) {
        return revert(affected.host(), name(fault, affected));
    }

    /** Removes a revert from the record without executing it, because a stronger action follows. */
    public ActionResult forget(Fault fault, AffectedNode affected) {
        Script script = Script.of("host/faults-forget.sh")
                .with("directory", affected.host().directory())
                .with("fault", name(fault, affected));
        return context.ask(new Action.RunScript(affected.host(), script, Access.CHANGE, SOON));
    }

    private ActionResult revert(Host host, String name) {
        Script script = Script.of("host/faults-revert.sh")
                .with("directory", host.directory())
                .with("fault", name);
        return context.ask(new Action.RunScript(host, script, Access.CHANGE, SOON));
    }

    /** Sends the CLI's heartbeat to the hosts. */
    public void renew(List<AffectedNode> affectedNodes) {
        beat++;
        context.askAll(places(affectedNodes.stream().map(AffectedNode::host).toList()).stream()
                .<Action>map(h -> new Action.RunScript(
                        h,
                        Script.of("host/faults-renew.sh")
                                .with("directory", h.directory())
                                .with("beat", beat),
                        Access.CHANGE,
                        SOON))
                .toList());
    }

    /** {@code host/faults-list.sh}. */
    public static final ScriptFormat LIST = new ScriptFormat("host/faults-list.sh", FaultOnRecord.class, Free.class);

    private record FaultOnRecord(String name, String description) {}

    private record Free(long kib) {}

    /**
     * The recorded faults.
     *
     * @param unreached the missing answers of hosts, by name: more faults may be on these hosts
     */
    public record Records(List<Recorded> all, Map<String, String> unreached) {}

    /** Returns every fault that is on record on any host of an estate. */
    public Records recorded(Topology topology) {
        List<Host> hosts = places(List.copyOf(topology.hosts().values()));
        List<ScriptAnswer> answers = results(hosts);
        List<Recorded> all = new ArrayList<>();
        Map<String, String> unreached = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            if (!answers.get(i).isOk()) {
                unreached.put(host.name(), answers.get(i).sentence());
                continue;
            }
            answers.get(i)
                    .all(FaultOnRecord.class)
                    .forEach(f -> all.add(new Recorded(host, f.name(), f.description())));
        }
        return new Records(all, unreached);
    }

    /** Returns the free bytes in the estate's directory, by host; hosts that do not answer are left out. */
    public Map<String, Long> freeSpace(Topology topology) {
        List<Host> hosts = places(List.copyOf(topology.hosts().values()));
        List<ScriptAnswer> answers = results(hosts);
        Map<String, Long> free = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i).name();
            answers.get(i).all(Free.class).forEach(f -> free.put(host, f.kib() << 10));
        }
        return free;
    }

    private List<ScriptAnswer> results(List<Host> hosts) {
        return context
                .askAll(hosts.stream()
                        .<Action>map(h -> new Action.RunScript(
                                h, Script.of(LIST.script()).with("directory", h.directory()), Access.LOOK, SOON))
                        .toList())
                .stream()
                .map(LIST::read)
                .toList();
    }

    /** Executes every revert on record. */
    public ActionResult revert(Recorded one) {
        return revert(one.host(), one.name());
    }

    /** Local hosts often share one directory; one of them is used for all. */
    private static List<Host> places(List<Host> hosts) {
        Map<String, Host> places = new LinkedHashMap<>();
        hosts.forEach(h -> places.putIfAbsent(
                (h.reach() instanceof dev.holdfast.model.HostAccess.Local ? "" : h.address()) + h.directory(), h));
        return List.copyOf(places.values());
    }

    private static String name(Fault fault, AffectedNode affected) {
        String target = affected.nodes().size() == 1
                ? affected.nodes().get(0).id()
                : affected.host().name();
        String from = affected.peers().isEmpty()
                ? ""
                : "-from-" + affected.peers().get(0).host().name();
        return fault.name() + "-" + target.replace('/', '-') + from;
    }
}
