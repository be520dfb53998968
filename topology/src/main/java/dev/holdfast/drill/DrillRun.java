package dev.holdfast.drill;

import dev.holdfast.drill.Drill.Recovery;
import dev.holdfast.drill.fault.Fault;
import dev.holdfast.drill.fault.Victim;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.engine.Rehearsal.Told;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runner;
import dev.holdfast.plan.Workload;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Carries out one drill.
 *
 * <ol>
 *   <li>Look; a gate that does not hold refuses, and nothing was touched.
 *   <li>The witness makes its place and writes for {@link #WARM_UP}; a write that is not acknowledged by then refuses.
 *   <li>Look again for whom to strike; break; look until it is in effect.
 *   <li>Recover, as the drill says, and wait until clients have been served again for {@link #STEADY}.
 *   <li>Mend, then bring the estate to what is declared, and look until it is whole.
 *   <li>The witness stops and reads back every stream from the primaries there are then, and from no other node.
 * </ol>
 *
 * Invariants: every break's mend is on record on its host before it is set; mends are said whatever happens in between,
 * also when interrupted; what is judged is in the ledger, so that it can be judged again without the estate.
 */
public final class DrillRun {

    static final Duration WARM_UP = Duration.ofSeconds(4);
    static final Duration STEADY = Duration.ofSeconds(2);

    private static final int MOST_TURNED_PERCENT = 10;
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration BEAT = Duration.ofSeconds(3);
    private static final Duration WHOLE = Duration.ofMinutes(3);
    private static final Duration AT_MOST = Duration.ofMinutes(3);

    private final World world;
    private final Ledger ledger;
    private final Witness witness;
    private final Scene scene;
    private final Drill drill;
    private final Workload workload;
    private final Duration later;
    private final Consumer<String> before;
    private final Instant end;
    private final Breaks breaks;
    private final List<Victim> struck = new ArrayList<>();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private boolean mended;
    private long struckAt = Long.MAX_VALUE;
    private String lastEffect = "";

    /**
     * @param later how much longer than usual the witness writes before the break
     * @param before told of each act before it begins; may stop the drill by throwing
     * @param end when the whole run must be over
     */
    public DrillRun(
            World world,
            Ledger ledger,
            Witness witness,
            Scene scene,
            Drill drill,
            Workload workload,
            Duration later,
            Consumer<String> before,
            Instant end) {
        this.world = world;
        this.ledger = ledger;
        this.witness = witness;
        this.scene = scene;
        this.drill = drill;
        this.workload = workload;
        this.later = later;
        this.before = before;
        this.end = end;
        this.breaks = new Breaks(world);
    }

    /** Asks to stop as soon as may be; mends are still said. */
    public void interrupt() {
        interrupted.set(true);
    }

    /** Why nothing was done; empty when the drill ran, whatever came of it. */
    public List<Refusal> run() {
        recovery();
        Observed seen = look();
        List<Refusal> refusals = new Gates(world, breaks).refusals(drill, scene, seen);
        if (!refusals.isEmpty()) {
            return refusals;
        }
        ledger.note(Kind.DRILL, DrillFacts.of(drill, scene, workload, witness.now()));
        try {
            witness.prepare(workload);
            witness.start();
            Optional<Refusal> idle = warmUp();
            if (idle.isPresent()) {
                return List.of(idle.get());
            }
            underWatch();
            stopAndReadBack();
        } finally {
            mend();
            witness.stop();
            witness.clear();
        }
        return List.of();
    }

    private Observed look() {
        Observed seen = scene.look(world);
        ledger.note(Kind.SEEN, Map.of("cluster", scene.cluster().name(), "complaints", seen.complaints()));
        return seen;
    }

    private Optional<Refusal> warmUp() {
        this.before.accept("let clients write");
        await(WARM_UP.plus(later), () -> false);
        List<Witness.Tally> before = witness.tallies();
        await(STEADY, () -> false);
        List<Witness.Tally> after = witness.tallies();
        for (int i = 0; i < after.size(); i++) {
            long served = after.get(i).acknowledged() - before.get(i).acknowledged();
            long turned = after.get(i).refused()
                    - before.get(i).refused()
                    + after.get(i).indeterminate()
                    - before.get(i).indeterminate();
            if (served == 0 || turned * 100 > served * MOST_TURNED_PERCENT) {
                return Optional.of(new Refusal(
                        workload.streams().get(i).name(),
                        "gate served: in the last " + STEADY.toSeconds() + " s before the break " + served
                                + " writes were acknowledged and " + turned + " were not, wanted at most "
                                + MOST_TURNED_PERCENT + " %: " + after.get(i).told(),
                        "holdfast status; a lower --rate when the estate cannot carry so many"));
            }
        }
        mark("served", workload.streams().size() + " streams are acknowledged");
        return Optional.empty();
    }

    /** Breaks and recovers while the hosts are told that the CLI is alive. */
    private void underWatch() {
        AtomicBoolean over = new AtomicBoolean();
        world.sideBySide(List.of(
                () -> {
                    try {
                        before.accept("break");
                        strike();
                        before.accept("recover");
                        recover();
                        before.accept("heal");
                        heal();
                    } finally {
                        mend();
                        over.set(true);
                    }
                    return true;
                },
                () -> {
                    while (!over.get()) {
                        breaks.renew(List.copyOf(struck));
                        pauseUntil(over);
                    }
                    return true;
                }));
    }

    private void pauseUntil(AtomicBoolean over) {
        for (Duration left = BEAT; !over.get() && !left.isNegative(); left = left.minus(GLANCE)) {
            world.pause(GLANCE);
        }
    }

    private void strike() {
        Observed seen = look();
        List<Victim> victims = drill.aim().victims(scene, seen);
        synchronized (struck) {
            struck.addAll(victims);
        }
        String whom = String.join(", ", victims.stream().map(Victim::name).toList());
        if (drill.fault().isEmpty()) {
            mark("break", whom);
            if (drill.recovery() != Recovery.BY_SWITCHOVER) {
                handOver(seen);
            }
            return;
        }
        long sent = witness.now();
        for (Fault fault : drill.fault()) {
            List<Answer> answers = world.sideBySide(victims.stream()
                    .<java.util.function.Supplier<Answer>>map(v -> () -> breaks.set(fault, v))
                    .toList());
            answers.stream().filter(a -> !a.isOk()).forEach(a -> note("the break said: " + a.sentence()));
            markAt("break", moment(answers, sent), whom);
            boolean all = victims.stream().allMatch(v -> breaks.tookEffect(fault, v));
            mark(all ? "in effect" : "no effect", fault.name() + " of " + scene.name());
        }
    }

    /** The first moment that a host told, on the witness's clock; never before it was asked nor after now. */
    private long moment(List<Answer> answers, long sent) {
        long now = witness.now();
        Instant wall = world.now();
        return answers.stream()
                .flatMap(a -> a.text().lines())
                .filter(l -> l.startsWith("struck "))
                .map(l -> new BigDecimal(l.substring("struck ".length())))
                .map(s -> Instant.ofEpochSecond(
                        s.longValue(),
                        s.remainder(BigDecimal.ONE).movePointRight(9).longValue()))
                .mapToLong(at -> now - Duration.between(at, wall).toNanos())
                .map(at -> Math.max(sent, Math.min(at, now)))
                .min()
                .orElse(sent);
    }

    private void handOver(Observed seen) {
        Optional<Action> order = scene.rehearsal().stepDown(seen, scene.group());
        if (order.isEmpty()) {
            mark("no effect", "the engine has no word to hand over a role");
            return;
        }
        Optional<Node> before = Scene.primary(seen, scene.group());
        Answer answer = world.ask(order.get());
        note("the step-down said: " + answer.sentence());
        await(AT_MOST, () -> !Scene.primary(scene.look(world), scene.group()).equals(before));
        boolean moved = !Scene.primary(look(), scene.group()).equals(before);
        mark(moved ? "in effect" : "no effect", "the role was handed over");
    }

    private void recover() {
        recovery().ifPresent(m -> byHoldfast(m, drill.recovery() == Recovery.BY_FAILOVER));
        await(drill.hold(), () -> false);
        if (drill.recovery() != Recovery.BY_MEND) {
            awaitService();
        }
        tellAccount();
    }

    /** Throws when the engine has no such change of roles: found before anything is broken. */
    private Optional<Maneuver<?>> recovery() {
        return switch (drill.recovery()) {
            case BY_FAILOVER -> Optional.of(scene.engine().failover(scene.topology(), scene.cluster(), order()));
            case BY_SWITCHOVER -> Optional.of(scene.engine().switchover(scene.topology(), scene.cluster(), order()));
            default -> Optional.empty();
        };
    }

    private Order order() {
        return new Order(scene.group(), Optional.empty(), false, Set.of());
    }

    /** Asks the same table that an operator asks until it allows it; a killed primary's mend is then off the record. */
    private void byHoldfast(Maneuver<?> maneuver, boolean forget) {
        Maneuver.Decided[] decided = {maneuver.decide(world)};
        await(AT_MOST, () -> {
            if (decided[0].refusal().isPresent()) {
                decided[0] = maneuver.decide(world);
            }
            return decided[0].refusal().isEmpty();
        });
        decided[0].refusal().ifPresent(r -> note("refused: " + r.where() + ": " + r.what()));
        note("decided: " + decided[0].sentence() + ", because " + decided[0].because());
        mark("phase", "detect and decide");
        if (decided[0].refusal().isPresent()) {
            return;
        }
        if (forget) {
            drill.fault().forEach(f -> struck.forEach(v -> breaks.forget(f, v)));
        }
        tell(new Runner(world, ledger, end).run(List.of(maneuver.book())));
        mark("in effect".equals(lastEffect) ? "changed" : "in effect", decided[0].sentence());
    }

    private void tell(List<Runner.Outcome> outcomes) {
        for (Runner.Outcome outcome : outcomes) {
            outcome.failures().forEach(this::note);
            outcome.refusals().forEach(r -> note("refused: " + r.where() + ": " + r.what()));
        }
    }

    /** Whoever lost the primary's role by force comes back as a copy. */
    private void rejoin() {
        if (drill.recovery() != Recovery.BY_FAILOVER) {
            return;
        }
        for (Victim victim : struck) {
            for (Node node : victim.nodes()) {
                if (node.cluster().equals(scene.cluster().name())
                        && node.group().equals(scene.group())) {
                    Order order = new Order(scene.group(), Optional.of(node.name()), false, Set.of());
                    Maneuver<?> back = scene.engine().rejoin(scene.topology(), scene.cluster(), order);
                    tell(new Runner(world, ledger, end).run(List.of(back.book())));
                }
            }
        }
    }

    /** Until every stream has been acknowledged steadily, or the patience of twice the objective is over. */
    private void awaitService() {
        Duration patience = scene.cluster()
                .objectives()
                .rto()
                .map(r -> r.multipliedBy(2))
                .filter(r -> r.compareTo(AT_MOST) < 0)
                .orElse(AT_MOST);
        long[] since = {-1};
        long[][] counts = {counts()};
        await(patience, () -> {
            long[] now = counts();
            boolean all = true;
            for (int i = 0; i < now.length; i++) {
                all &= now[i] > counts[0][i];
            }
            counts[0] = now;
            since[0] = all ? since[0] < 0 ? witness.now() : since[0] : -1;
            return since[0] >= 0 && witness.now() - since[0] >= STEADY.toNanos();
        });
    }

    private long[] counts() {
        return witness.tallies().stream().mapToLong(Witness.Tally::acknowledged).toArray();
    }

    /** What the group itself tells of its change of roles becomes phases. */
    private void tellAccount() {
        for (Told told : scene.rehearsal().account(world, scene.look(world), scene.group())) {
            long at = witness.now() - Duration.between(told.at(), world.now()).toNanos();
            if (at >= struckAt) {
                markAt("phase", at, told.what());
            }
        }
    }

    private void heal() {
        mark("heal", "");
        mend();
        rejoin();
        if (drill.recovery() == Recovery.BY_MEND) {
            awaitService();
        }
        Instant limit = world.now().plus(WHOLE);
        List<String> lacking = List.of("never looked at");
        while (!lacking.isEmpty() && world.now().isBefore(limit) && !interrupted.get()) {
            Runbook<?> book = scene.engine().provision(scene.topology(), scene.cluster());
            lacking = new Runner(world, ledger, end)
                    .run(List.of(book)).stream()
                            .flatMap(o -> java.util.stream.Stream.concat(
                                    o.failures().stream(), o.refusals().stream().map(Refusal::what)))
                            .toList();
            if (lacking.isEmpty()) {
                lacking = look().complaints();
            }
            if (!lacking.isEmpty()) {
                world.pause(Duration.ofSeconds(1));
            }
        }
        mark(lacking.isEmpty() ? "whole" : "not whole", String.join("; ", lacking));
    }

    private synchronized void mend() {
        if (mended) {
            return;
        }
        mended = true;
        for (Fault fault : drill.fault()) {
            for (Victim victim : struck) {
                Answer answer = breaks.mend(fault, victim);
                ledger.note(
                        Kind.MENDED, Map.of("lane", victim.name(), "step", fault.name(), "answer", answer.sentence()));
            }
        }
        if (!struck.isEmpty()) {
            mark("mended", "");
        }
    }

    private void stopAndReadBack() {
        await(STEADY, () -> false);
        witness.stop();
        mark("stopped", "");
        Observed seen = look();
        for (int i = 0; i < workload.streams().size(); i++) {
            Workload.Stream stream = workload.streams().get(i);
            int number = i;
            Scene.primary(seen, stream.group()).ifPresent(p -> {
                var found = witness.readBack(number, p);
                ledger.note(
                        Kind.NOTED,
                        Map.of(
                                "note",
                                found.ids().length + " writes of " + stream.name() + " read back from " + p.id()));
            });
        }
    }

    private void mark(String name, String what) {
        markAt(name, witness.now(), what);
    }

    private void markAt(String name, long at, String what) {
        if (name.equals("break")) {
            struckAt = at;
        } else if (name.equals("in effect")) {
            lastEffect = name;
        }
        ledger.note(Kind.MARKED, Map.of("mark", name, "t_ns", at, "what", what));
    }

    private void note(String sentence) {
        ledger.note(Kind.NOTED, Map.of("note", sentence));
    }

    private void await(Duration atMost, BooleanSupplier holds) {
        Instant limit = world.now().plus(atMost);
        while (world.now().isBefore(limit)
                && world.now().isBefore(end)
                && !interrupted.get()
                && !holds.getAsBoolean()) {
            world.pause(GLANCE);
        }
    }
}
