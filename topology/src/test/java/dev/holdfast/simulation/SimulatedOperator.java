package dev.holdfast.simulation;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.simulation.SimulatedEvent.Disturbance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs commands with the product's own runbooks, first those of a sequence, then those that their output advises.
 *
 * @param <W> the type of the simulated servers
 */
public abstract class SimulatedOperator<W> {

    private static final int COMMANDS = 20;
    /** How often an operator without advice waits and tries again. */
    private static final int WAITS = 2;

    private static final Duration RUN = Duration.ofHours(2);
    private static final Pattern OVERRIDE = Pattern.compile("--override=([a-z-]+)");
    private static final Pattern TO = Pattern.compile("--to (\\w+)");

    private final SimulatedEstate estate;
    private final PlantedFault<W> fault;
    private final Consumer<String> transcript;
    private String bound = "";
    private int commands;

    protected SimulatedOperator(SimulatedEstate estate, PlantedFault<W> fault, Consumer<String> transcript) {
        this.estate = estate;
        this.fault = fault;
        this.transcript = transcript;
    }

    /** Returns the option that confirms that hosts are off. */
    protected abstract String confirmation();

    /** Returns the text that names the greatest loss in a refusal with exit 7; group 1 is its number. */
    protected abstract Pattern bound();

    /** Returns the runbook of a command. */
    protected abstract Runbook<?> runbook(String verb, RoleChangeRequest request);

    /** Returns the first problem that status reports; empty when it reports a healthy cluster. */
    private static String problem(ClusterState state) {
        return state.findings().stream()
                .findFirst()
                .map(HealthProblem::toString)
                .orElse("");
    }

    public SimulatedEstate estate() {
        return estate;
    }

    /** Runs a command of a sequence; a kill ends it. */
    void run(SimulatedEvent event) {
        if (event.command().contains(confirmation())) {
            estate.switchOffSilentHosts();
        }
        estate.disturb(event.disturbance(), event.disturbed());
        try {
            run(event.command());
        } catch (Killed killed) {
            transcript.accept("  killed");
        }
        estate.disturb(Disturbance.NONE, 0);
    }

    RunbookOutcome run(String command) {
        commands++;
        estate.commandStarts(command, bound);
        RunbookOutcome outcome = run(runbook(command));
        transcript.accept("$ holdfast " + command + "\n  " + outcome + "\n  " + estate.state());
        String hint = HintReader.fault(outcome, command, estate.members().get(1));
        if (!hint.isEmpty()) {
            estate.violations().violated(hint);
        }
        refusals(outcome).forEach(this::hear);
        if (command.equals("apply") && isNothingToDo(outcome)) {
            String wrong = estate.wrong();
            if (!wrong.isEmpty() && !estate.isAnythingAway()) {
                estate.violations().violated("apply has nothing to do, but: " + wrong);
            }
        }
        boolean isRoleChange = command.startsWith("failover") || command.startsWith("switchover");
        boolean isElectionExpected = outcome.notes().stream().anyMatch(n -> n.contains("elect a primary"));
        if (isRoleChange && outcome.isDone() && !isElectionExpected && estate.primaries() == 0) {
            estate.violations().violated(command + " is done, and there is no primary");
        }
        return outcome;
    }

    private RunbookOutcome run(Runbook<?> runbook) {
        RunbookRunner runner = new RunbookRunner(
                estate.world(), (kind, facts) -> Map.of(), estate.world().now().plus(RUN));
        return runner.run(List.of(runbook)).get(0);
    }

    private static boolean isNothingToDo(RunbookOutcome outcome) {
        return outcome.exit() == ExitCode.DONE
                && outcome.steps() == 0
                && outcome.open().isEmpty()
                && outcome.missing().isEmpty();
    }

    private static Stream<Refusal> refusals(RunbookOutcome outcome) {
        return Stream.of(outcome.refusals(), outcome.missing(), outcome.open()).flatMap(List::stream);
    }

    private void hear(Refusal refusal) {
        if (refusal.exit() == ExitCode.WOULD_LOSE_DATA) {
            Matcher number = bound().matcher(refusal.what());
            bound = number.find() ? number.group(1) : "";
        }
    }

    private Runbook<?> runbook(String command) {
        Matcher to = TO.matcher(command);
        Set<String> overrides =
                OVERRIDE.matcher(command).results().map(m -> m.group(1)).collect(Collectors.toSet());
        Optional<String> member = command.startsWith("rejoin ")
                ? Optional.of(command.split(" ")[1].replaceFirst(".*/", ""))
                : to.find() ? Optional.of(to.group(1)) : Optional.empty();
        RoleChangeRequest request =
                fault.request(new RoleChangeRequest("", member, command.contains("--accept-data-loss"), overrides));
        return runbook(command.split(" ")[0], request);
    }

    /** Returns the runbook without the stages that the planted fault takes away. */
    protected <S extends ClusterState> Runbook<S> planted(
            String verb, Runbook<S> runbook, RoleChangeRequest request, BiConsumer<S, RoleChangeRequest> seen) {
        return fault.runbook(
                verb,
                new Runbook<>(
                        runbook.cluster(),
                        runbook.title(),
                        context -> {
                            S state = runbook.look().apply(context);
                            seen.accept(state, request);
                            return state;
                        },
                        runbook.stages()));
    }

    // ---- the way out

    /**
     * Follows the hints until the estate is as declared; a state without a way out is a violation.
     *
     * @param patience after how many commands everything that was cut off or frozen comes back
     */
    void recover(int patience) {
        String next = "apply";
        Set<String> tried = new HashSet<>();
        Map<String, String> outcomes = new HashMap<>();
        int waits = 0;
        List<String> advised = new ArrayList<>();
        for (int i = 1; i <= COMMANDS && !next.isEmpty() && estate.violations().isEmpty(); i++) {
            tried.add(next);
            if (next.contains(confirmation())) {
                estate.switchOffSilentHosts();
            }
            RunbookOutcome outcome = run(next);
            boolean isAsBefore = outcome.toString().equals(outcomes.put(next, outcome.toString()));
            if (outcome.steps() > 0 && !isAsBefore) {
                tried.clear();
                advised.clear();
            }
            if (i == patience && estate.isAnythingAway()) {
                planReturn(tried);
            }
            if (isHealthy()) {
                return;
            }
            advised.addAll(0, HintReader.advice(outcome, next, named()));
            next = HintReader.choose(advised, tried, estate.isAnythingAway() ? confirmation() : "");
            if (next.isEmpty() && estate.isAnythingAway()) {
                planReturn(tried);
                next = "apply";
            } else if (next.isEmpty() && (!tried.contains("apply") || waits++ < WAITS)) {
                estate.happen(SimulatedEvent.of(
                        SimulatedEvent.Kind.TIME, estate.members().get(0)));
                next = "apply"; // it may have changed by itself
            }
        }
        estate.violations().violated("no way out after " + commands + " commands: " + estate.wrong());
    }

    private String named() {
        List<String> members = estate.members();
        return members.get(commands % members.size());
    }

    private void planReturn(Set<String> tried) {
        transcript.accept("what was cut off, frozen or switched off comes back");
        estate.planReturn();
        transcript.accept("  " + estate.state());
        tried.clear();
    }

    private boolean isHealthy() {
        if (estate.isAnythingAway()
                || !estate.violations().isEmpty()
                || !estate.wrong().isEmpty()) {
            return false;
        }
        return isHealthy(runbook("apply"));
    }

    private <S extends ClusterState> boolean isHealthy(Runbook<S> apply) {
        S state = apply.look().apply(estate.world());
        List<String> plan = lines(apply.plan(state));
        if (!plan.equals(lines(apply.plan(state)))) {
            estate.violations().violated("two plans from the same state differ");
        }
        String problem = plan.isEmpty() ? problem(state) : "";
        if (!problem.isEmpty()) {
            estate.violations().violated("status is not healthy, and there is nothing to do: " + problem);
        }
        return plan.isEmpty();
    }

    private static List<String> lines(List<Runbook.Planned> plans) {
        List<String> plan = new ArrayList<>();
        for (Runbook.Planned planned : plans) {
            Plan of = planned.plan();
            of.steps().forEach(s -> plan.add(s.lane() + ": " + s.title() + ": " + s.because()));
            of.refusals().forEach(r -> plan.add(r.toString()));
        }
        return plan;
    }
}
