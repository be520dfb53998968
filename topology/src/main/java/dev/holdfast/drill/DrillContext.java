package dev.holdfast.drill;

import dev.holdfast.drill.fault.HostFaults;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.plan.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The state and services of a running drill: the estate, the load generator, the ledger, and the time limits. */
public final class DrillContext {

    public static final String INTERRUPTED = "interrupted";

    public static final Duration STEADY = Duration.ofSeconds(2);

    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration AT_MOST = Duration.ofMinutes(3);

    private final ExecutionContext context;
    private final Ledger ledger;
    private final LoadGenerator loadGenerator;
    private final DrillScope scope;
    private final Workload workload;
    private final Predicate<String> goesOn;
    private final Supplier<Instant> end;
    private final HostFaults breaks;
    private final ActiveFaults damage;
    private final AtomicReference<String> stopped = new AtomicReference<>();
    private final AtomicReference<RunbookRunner> underWay = new AtomicReference<>();
    private volatile long injectedAt = Long.MAX_VALUE;

    /**
     * @param goesOn confirms each phase; false ends the drill, and active faults are then reverted and repaired
     * @param end when the whole run must be over; the time of a person's answers extends it
     */
    public DrillContext(
            ExecutionContext context,
            Ledger ledger,
            LoadGenerator loadGenerator,
            DrillScope scope,
            Workload workload,
            Predicate<String> goesOn,
            Supplier<Instant> end) {
        this.context = context;
        this.ledger = ledger;
        this.loadGenerator = loadGenerator;
        this.scope = scope;
        this.workload = workload;
        this.goesOn = goesOn;
        this.end = end;
        this.breaks = new HostFaults(context);
        this.damage = new ActiveFaults(context, ledger, breaks);
    }

    public ExecutionContext context() {
        return context;
    }

    public Ledger ledger() {
        return ledger;
    }

    public LoadGenerator loadGenerator() {
        return loadGenerator;
    }

    public DrillScope scope() {
        return scope;
    }

    public Workload workload() {
        return workload;
    }

    public HostFaults breaks() {
        return breaks;
    }

    public ActiveFaults damage() {
        return damage;
    }

    /** Asks the operator whether to start the next phase; false when it is to be left out. */
    public boolean next(String stage) {
        if (stopped.get() == null && !goesOn.test(stage)) {
            stop("not confirmed: " + stage);
        }
        return !isOver();
    }

    public EstateState look() {
        EstateState state = scope.look(context);
        state.clusters()
                .forEach((cluster, observed) ->
                        ledger.note(Kind.SEEN, Map.of("cluster", cluster, "problems", observed.problems())));
        return state;
    }

    /** Records a mark of the run at the current time. */
    public void mark(String name, String what) {
        markAt(name, loadGenerator.now(), what);
    }

    /** @param further facts for the claims that use this mark */
    public void mark(String name, String what, Map<String, Object> more) {
        markAt(name, loadGenerator.now(), what, more);
    }

    /** @param at the time on the load generator's clock */
    public void markAt(String name, long at, String what) {
        markAt(name, at, what, Map.of());
    }

    private void markAt(String name, long at, String what, Map<String, Object> more) {
        if (name.equals("fault")) {
            injectedAt = Math.min(injectedAt, at);
        }
        Map<String, Object> facts = new LinkedHashMap<>(Map.of("mark", name, "t_ns", at, "what", what));
        facts.putAll(more);
        ledger.note(Kind.MARKED, facts);
    }

    public void note(String sentence) {
        ledger.note(Kind.NOTED, Map.of("note", sentence));
    }

    /** Converts a past time of the machine's clock to the load generator's clock. */
    public long onLoadClock(Instant moment) {
        long now = loadGenerator.now();
        return now - Duration.between(moment, context.now()).toNanos();
    }

    /** Returns when the first fault was injected; the maximum time when none was. */
    public long injectedAt() {
        return injectedAt;
    }

    /** Requests the end of the drill as soon as possible; faults are still reverted. Only the first reason counts. */
    public void stop(String why) {
        stopped.compareAndSet(null, why);
        Optional.ofNullable(underWay.get()).ifPresent(RunbookRunner::interrupt);
    }

    /** Returns why the drill was ended early; null while it runs. */
    public String stopped() {
        return stopped.get();
    }

    /** Whether the time is over or a stop was requested. */
    public boolean isOver() {
        return stopped.get() != null || !context.now().isBefore(end.get());
    }

    /** Waits until the condition holds, up to a limit; false when it never held. */
    public boolean await(Duration atMost, BooleanSupplier holds) {
        Instant limit = context.now().plus(atMost);
        while (!holds.getAsBoolean()) {
            if (!context.now().isBefore(limit) || isOver()) {
                return false;
            }
            context.pause(GLANCE);
        }
        return true;
    }

    /** Waits while clients write. */
    public void wait(Duration howLong) {
        await(howLong, () -> false);
    }

    /** Waits until every stream is acknowledged steadily, at most twice the longest objective. */
    public boolean awaitService() {
        long[] since = {-1};
        long[][] counts = {counts()};
        return await(patience(), () -> {
            long[] now = counts();
            boolean all = true;
            for (int i = 0; i < now.length; i++) {
                all &= now[i] > counts[0][i];
            }
            counts[0] = now;
            since[0] = all ? since[0] < 0 ? loadGenerator.now() : since[0] : -1;
            return since[0] >= 0 && loadGenerator.now() - since[0] >= STEADY.toNanos();
        });
    }

    public static Duration longest() {
        return AT_MOST;
    }

    private Duration patience() {
        return scope.clusters().stream()
                .map(s -> s.cluster()
                        .objectives()
                        .rto()
                        .map(r -> r.multipliedBy(2))
                        .orElse(AT_MOST))
                .max(Duration::compareTo)
                .filter(r -> r.compareTo(AT_MOST) < 0)
                .orElse(AT_MOST);
    }

    private long[] counts() {
        return loadGenerator.tallies().stream()
                .mapToLong(LoadGenerator.Counts::acknowledged)
                .toArray();
    }

    /** Executes runbooks in parallel until the drill is stopped; records what failed or was refused. */
    public List<RunbookOutcome> carryOut(List<Runbook<?>> runbooks) {
        RunbookRunner runner = new RunbookRunner(context, ledger, end.get());
        underWay.set(runner);
        if (INTERRUPTED.equals(stopped.get())) {
            runner.interrupt();
        }
        return recorded(runner.run(runbooks));
    }

    /** Executes runbooks to their end: reverts, removals, and role changes, which are worse when half done. */
    public List<RunbookOutcome> finish(List<Runbook<?>> runbooks) {
        return recorded(new RunbookRunner(context, ledger, end.get()).run(runbooks));
    }

    private List<RunbookOutcome> recorded(List<RunbookOutcome> outcomes) {
        for (RunbookOutcome outcome : outcomes) {
            outcome.failures().forEach(this::note);
            outcome.refusals().forEach(r -> note("refused: " + r.where() + ": " + r.what() + r.suffix()));
        }
        return outcomes;
    }

    /** Reads a stream from a server that is not a final primary, such as a side-by-side restore, and records it by this name. */
    public ReadBackResult readAside(String name, int stream, Node from) {
        ReadBackResult found = loadGenerator.readAside(name, stream, from);
        note(found.ids().length + " writes of " + workload.streams().get(stream).name() + " read from " + from.id()
                + " as " + name);
        return found;
    }
}
