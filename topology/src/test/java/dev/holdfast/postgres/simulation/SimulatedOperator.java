package dev.holdfast.postgres.simulation;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.HintReader;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.FailoverFacts;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.RejoinOperation;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.simulation.SimulatedEvent.Disturbance;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs commands with the product's own runbooks, first those of a sequence, then those that their output advises. */
final class SimulatedOperator {

    private static final int COMMANDS = 20;
    private static final Pattern OVERRIDE = Pattern.compile("--override=([a-z-]+)");
    private static final Pattern TO = Pattern.compile("--to (\\w+)");
    private static final Pattern BOUND = Pattern.compile("with (\\d+) commits?, made within");

    private final SimulatedEstate estate;
    private final PlantedFault fault;
    private final RowCoverage coverage;
    private final Consumer<String> transcript;
    private OptionalLong bound = OptionalLong.empty();
    private int commands;

    SimulatedOperator(SimulatedEstate estate, PlantedFault fault, RowCoverage coverage, Consumer<String> transcript) {
        this.estate = estate;
        this.fault = fault;
        this.coverage = coverage;
        this.transcript = transcript;
    }

    private Bank bank() {
        return estate.bank();
    }

    /** Runs a command of a sequence; a kill ends it. */
    void run(SimulatedEvent event) {
        if (event.command().contains("--override=fenced-by-hand")) {
            estate.switchOffSilentHosts();
        }
        estate.disturb(event.disturbance(), event.disturbed());
        try {
            run(event.command());
        } catch (Bank.Killed killed) {
            transcript.accept("  killed");
        }
        estate.disturb(Disturbance.NONE, 0);
    }

    RunbookOutcome run(String command) {
        commands++;
        estate.judge().commandStarts(command, bound);
        RunbookOutcome outcome = bank().run(runbook(command));
        transcript.accept("$ holdfast " + command + "\n  " + outcome);
        String hint = HintReader.fault(outcome, command, "b1");
        if (!hint.isEmpty()) {
            estate.judge().violated(hint);
        }
        refusals(outcome).forEach(this::hear);
        if (command.equals("apply") && isNothingToDo(outcome)) {
            String wrong = new SimulatedTruth(estate).wrong();
            if (!wrong.isEmpty() && !estate.isAnythingAway()) {
                estate.judge().violated("apply has nothing to do, but: " + wrong);
            }
        }
        boolean isRoleChange = command.startsWith("failover") || command.startsWith("switchover");
        if (isRoleChange && outcome.isDone() && estate.clients().primaries().isEmpty()) {
            estate.judge().violated(command + " is done, and there is no primary");
        }
        return outcome;
    }

    private static boolean isNothingToDo(RunbookOutcome outcome) {
        return outcome.exit() == ExitCode.DONE
                && outcome.steps() == 0
                && outcome.open().isEmpty()
                && outcome.missing().isEmpty();
    }

    private static Stream<Refusal> refusals(RunbookOutcome outcome) {
        return Stream.concat(outcome.refusals().stream(), outcome.open().stream());
    }

    private void hear(Refusal refusal) {
        if (refusal.exit() == ExitCode.WOULD_LOSE_DATA) {
            Matcher number = BOUND.matcher(refusal.what());
            bound = number.find() ? OptionalLong.of(Long.parseLong(number.group(1))) : OptionalLong.empty();
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
        var topology = bank().trio.estate();
        var cluster = bank().trio.cluster();
        return switch (command.split(" ")[0]) {
            case "apply" -> fault.runbook("apply", watched(bank().runbook(), request, this::commits));
            case "failover" ->
                fault.runbook(
                        "failover",
                        watched(
                                FailoverOperation.operation(topology, cluster, request)
                                        .runbook(),
                                request,
                                this::failover));
            case "switchover" ->
                fault.runbook(
                        "switchover",
                        watched(
                                SwitchoverOperation.operation(topology, cluster, request)
                                        .runbook(),
                                request,
                                this::switchover));
            default ->
                fault.runbook(
                        "rejoin",
                        watched(
                                RejoinOperation.operation(topology, cluster, request)
                                        .runbook(),
                                request,
                                this::rejoin));
        };
    }

    private static <S extends ClusterState> Runbook<S> watched(
            Runbook<S> runbook, RoleChangeRequest request, BiConsumer<S, RoleChangeRequest> seen) {
        return new Runbook<>(
                runbook.cluster(),
                runbook.title(),
                context -> {
                    S state = runbook.look().apply(context);
                    seen.accept(state, request);
                    return state;
                },
                runbook.stages());
    }

    private void failover(RoleChangeState state, RoleChangeRequest request) {
        coverage.reached("failover", FailoverDecision.of(new FailoverFacts(state, request)));
    }

    private void switchover(RoleChangeState state, RoleChangeRequest request) {
        SwitchoverDecision decision = new SwitchoverDecision(state, request);
        coverage.reached("switchover", decision.decision());
        if (decision.primary().isPresent()) {
            decision.candidate().ifPresent(c -> coverage.reached("candidate", c.decision()));
        }
    }

    private void rejoin(RoleChangeState state, RoleChangeRequest request) {
        coverage.reached("rejoin", new RejoinDecision(state, request).decision());
    }

    private void commits(PostgresState state, RoleChangeRequest request) {
        state.primary().ifPresent(primary -> {
            List<String> following = state.others()
                    .filter(m -> m.member().role() == MemberRole.SYNC && !state.isGone(m))
                    .map(MemberState::name)
                    .toList();
            coverage.reached("commits", new CommitProtection(state.cluster(), primary.name(), following).decision());
        });
    }

    // ---- the way out

    /** Follows the hints until the estate is as declared; a state without a way out is a violation. */
    void recover() {
        String next = "apply";
        Set<String> tried = new HashSet<>();
        List<String> advised = new ArrayList<>();
        for (int i = 1;
                i <= COMMANDS && !next.isEmpty() && estate.judge().violation().isEmpty();
                i++) {
            tried.add(next);
            if (next.contains("--override=fenced-by-hand")) {
                estate.switchOffSilentHosts();
            }
            RunbookOutcome outcome = run(next);
            if (outcome.steps() > 0) {
                tried.clear();
                advised.clear();
            }
            if (i == estate.sequence().patience() && estate.isAnythingAway()) {
                planReturn(tried);
            }
            if (isWell()) {
                return;
            }
            advised.addAll(0, HintReader.advice(outcome, next, named()));
            next = HintReader.choose(advised, tried, estate.isAnythingAway());
            if (next.isEmpty() && estate.isAnythingAway()) {
                planReturn(tried);
                next = "apply";
            } else if (next.isEmpty() && !tried.contains("apply")) {
                next = "apply"; // it may have changed by itself
            }
        }
        estate.judge().violated("no way out after " + commands + " commands: " + new SimulatedTruth(estate).wrong());
    }

    private String named() {
        List<String> members = estate.members();
        return members.get(commands % members.size());
    }

    private void planReturn(Set<String> tried) {
        transcript.accept("what was cut off, frozen or switched off comes back");
        estate.planReturn();
        tried.clear();
    }

    private boolean isWell() {
        if (estate.isAnythingAway()
                || !new SimulatedTruth(estate).wrong().isEmpty()
                || !estate.judge().violation().isEmpty()) {
            return false;
        }
        List<String> plan = plan();
        if (!plan.equals(plan())) {
            estate.judge().violated("two plans from the same state differ");
        }
        return plan.isEmpty();
    }

    private List<String> plan() {
        List<Plan> plans = fault.runbook("apply", bank().runbook()).plan(bank().world).stream()
                .map(Runbook.Planned::plan)
                .toList();
        return plans.stream()
                .flatMap(p -> Stream.concat(
                        p.steps().stream().map(s -> s.lane() + ": " + s.title() + ": " + s.because()),
                        p.refusals().stream().map(Refusal::toString)))
                .toList();
    }

    int commands() {
        return commands;
    }
}
