package dev.holdfast.drill;

import dev.holdfast.drill.fault.Fault;
import dev.holdfast.drill.fault.Victim;
import dev.holdfast.model.Host;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is broken on hosts, each with its mend on record there before it is set. When the CLI falls silent for
 * {@link #PATIENCE} the host says the mend by itself.
 */
public final class Breaks {

    /** How long a host waits for a sign of the CLI before it mends by itself. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration SOON = Duration.ofSeconds(15);
    /** A planned restart is waited for. */
    private static final Duration SET = Duration.ofSeconds(60);

    private static final Duration EFFECT = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final World world;
    private long beat;

    public Breaks(World world) {
        this.world = world;
    }

    /** A break that is on record on a host. */
    public record Recorded(Host host, String name, String story) {}

    /** Why it cannot be set on this victim; empty when it can. */
    List<Refusal> impossible(Fault fault, Victim victim) {
        Answer answer = world.ask(new Action.Exec(victim.host(), fault.script(victim, "possible"), Intent.LOOK, SOON));
        return answer.isOk()
                ? List.of()
                : List.of(new Refusal(
                        victim.name(),
                        "the fault " + fault.name() + " is not possible here: "
                                + answer.text().strip(),
                        "holdfast drill list shows drills with other faults"));
    }

    /** Puts the mend on record, then breaks; the answer is that of the breaking. */
    Answer set(Fault fault, Victim victim) {
        Script script = Script.of("host/faults-set.sh")
                .with("directory", victim.host().directory())
                .with("fault", name(fault, victim))
                .with("story", fault.name() + " of " + victim.name())
                .with("patience", PATIENCE.toSeconds())
                .with("mend", fault.script(victim, "mend"))
                .with("set", fault.script(victim, "set"));
        return world.ask(new Action.Exec(victim.host(), script, Intent.CHANGE, SET));
    }

    /** Looks until the break is in effect; what was last seen when it never was. */
    boolean tookEffect(Fault fault, Victim victim) {
        Instant limit = world.now().plus(EFFECT);
        while (true) {
            if (isSeen(fault, victim)) {
                return true;
            }
            if (!world.now().isBefore(limit)) {
                return false;
            }
            world.pause(MOMENT);
        }
    }

    boolean isSeen(Fault fault, Victim victim) {
        return world.ask(new Action.Exec(victim.host(), fault.script(victim, "seen"), Intent.LOOK, SOON))
                .isOk();
    }

    Answer mend(Fault fault, Victim victim) {
        return mend(victim.host(), name(fault, victim));
    }

    /** Takes a mend off the record without saying it: something better than it is about to be done. */
    Answer forget(Fault fault, Victim victim) {
        Script script = Script.of("host/faults-forget.sh")
                .with("directory", victim.host().directory())
                .with("fault", name(fault, victim));
        return world.ask(new Action.Exec(victim.host(), script, Intent.CHANGE, SOON));
    }

    private Answer mend(Host host, String name) {
        Script script = Script.of("host/faults-mend.sh")
                .with("directory", host.directory())
                .with("fault", name);
        return world.ask(new Action.Exec(host, script, Intent.CHANGE, SOON));
    }

    /** Tells the hosts that the CLI is alive. */
    void renew(List<Victim> victims) {
        beat++;
        world.askAll(places(victims.stream().map(Victim::host).toList()).stream()
                .<Action>map(h -> new Action.Exec(
                        h,
                        Script.of("host/faults-renew.sh")
                                .with("directory", h.directory())
                                .with("beat", beat),
                        Intent.CHANGE,
                        SOON))
                .toList());
    }

    /** Every break that is on record on any host of an estate. */
    public List<Recorded> recorded(Topology topology) {
        List<Host> hosts = places(List.copyOf(topology.hosts().values()));
        List<Answer> answers = told(hosts);
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            answers.get(i)
                    .text()
                    .lines()
                    .map(l -> l.split("\t", 3))
                    .filter(l -> l[0].equals("fault"))
                    .forEach(l -> all.add(new Recorded(host, l[1], l[2])));
        }
        return all;
    }

    /** How many bytes are free under the estate's folder, by host; hosts that do not answer are not told. */
    Map<String, Long> room(Topology topology) {
        List<Host> hosts = places(List.copyOf(topology.hosts().values()));
        List<Answer> answers = told(hosts);
        Map<String, Long> free = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i).name();
            answers.get(i)
                    .text()
                    .lines()
                    .map(l -> l.split("\t", 2))
                    .filter(l -> l[0].equals("free_kb") && l.length == 2 && l[1].matches("[0-9]{1,15}"))
                    .forEach(l -> free.put(host, Long.parseLong(l[1]) << 10));
        }
        return free;
    }

    private List<Answer> told(List<Host> hosts) {
        return world.askAll(hosts.stream()
                .<Action>map(h -> new Action.Exec(
                        h, Script.of("host/faults-list.sh").with("directory", h.directory()), Intent.LOOK, SOON))
                .toList());
    }

    /** Says every mend that is on record. */
    public Answer mend(Recorded one) {
        return mend(one.host(), one.name());
    }

    /** Local hosts often share one folder; one of them speaks for all. */
    private static List<Host> places(List<Host> hosts) {
        Map<String, Host> places = new LinkedHashMap<>();
        hosts.forEach(h -> places.putIfAbsent(
                (h.reach() instanceof dev.holdfast.model.Reach.Local ? "" : h.address()) + h.directory(), h));
        return List.copyOf(places.values());
    }

    private static String name(Fault fault, Victim victim) {
        String whom = victim.nodes().size() == 1
                ? victim.nodes().get(0).id()
                : victim.host().name();
        String from = victim.peers().isEmpty()
                ? ""
                : "-from-" + victim.peers().get(0).host().name();
        return fault.name() + "-" + whom.replace('/', '-') + from;
    }
}
