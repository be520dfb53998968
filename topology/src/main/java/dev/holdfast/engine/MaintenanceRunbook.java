package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Records a cluster's maintenance on each of its hosts, or removes the record. */
public final class MaintenanceRunbook {

    private static final Duration MOMENT = Duration.ofSeconds(15);

    private final Cluster cluster;
    /** The desired record; empty removes it. */
    private final Optional<String> reason;

    private MaintenanceRunbook(Cluster cluster, Optional<String> reason) {
        this.cluster = cluster;
        this.reason = reason;
    }

    /** @param reason the operator's reason; empty ends the maintenance */
    public static Runbook<? extends ClusterState> runbook(Cluster cluster, Optional<String> reason) {
        MaintenanceRunbook record = new MaintenanceRunbook(cluster, reason);
        return new Runbook<>(
                cluster.name(),
                reason.isPresent() ? "begin maintenance" : "end maintenance",
                record::look,
                List.of(new Stage<>("record", record::plan)));
    }

    /** The observed records of the hosts. */
    private record HostMarks(Instant at, Map<Host, ScriptAnswer> records) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    private HostMarks look(ExecutionContext context) {
        List<Host> hosts = MaintenanceMode.hosts(List.of(cluster));
        List<ScriptAnswer> answers = context.sideBySide(hosts.stream()
                .<Supplier<ScriptAnswer>>map(h -> () -> MaintenanceMode.look(context, h))
                .toList());
        Map<Host, ScriptAnswer> records = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            records.put(hosts.get(i), answers.get(i));
        }
        return new HostMarks(context.now(), records);
    }

    private Plan plan(HostMarks state) {
        if (state.records().values().stream().noneMatch(ScriptAnswer::isOk)) {
            return Plan.refused(List.of(new Refusal(
                    cluster.name(),
                    "none of the cluster's hosts answers",
                    "make at least one host of the cluster reachable",
                    ExitCode.UNREACHABLE)));
        }
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        state.records().forEach((host, answer) -> {
            if (!answer.isOk()) {
                notes.add(host.name() + " does not answer, so the maintenance record on that host is unchanged: "
                        + answer.sentence());
            } else if (!isRight(answer)) {
                steps.add(written(host, state.at()));
            }
        });
        return new Plan(steps, List.of(), notes);
    }

    private boolean isRight(ScriptAnswer answer) {
        List<MaintenanceMode> here = MaintenanceMode.read(answer).stream()
                .filter(m -> m.cluster().equals(cluster.name()))
                .toList();
        return reason.map(r -> here.stream()
                        .anyMatch(m -> m.reason()
                                .equals(MaintenanceMode.of(cluster.name(), Instant.EPOCH, r)
                                        .reason())))
                .orElse(here.isEmpty());
    }

    private static String description(ScriptAnswer answer) {
        return MaintenanceMode.read(answer).stream()
                .map(MaintenanceMode::description)
                .collect(Collectors.joining("; "));
    }

    private Step written(Host host, Instant now) {
        String line = reason.map(r -> MaintenanceMode.of(cluster.name(), now, r).line())
                .orElse("");
        Script script = Script.of("host/maintenance.sh")
                .with("directory", host.directory())
                .with("cluster", cluster.name())
                .with("line", line);
        return Step.on(
                        host.name(),
                        reason.isPresent()
                                ? "Record maintenance of " + cluster.name() + " on " + host.name()
                                : "Remove maintenance of " + cluster.name() + " on " + host.name())
                .because(reason.map(r -> "role changes are to be suspended")
                        .orElse("role changes are to be possible again"))
                .type(new Action.RunScript(host, script, Access.CHANGE, MOMENT))
                .until(
                        new Condition("the record of " + host.name() + " is up to date", context -> {
                            ScriptAnswer answer = MaintenanceMode.look(context, host);
                            return new Condition.ProbeResult(
                                    answer.isOk() && isRight(answer),
                                    answer.isOk() ? description(answer) : answer.sentence());
                        }),
                        MOMENT);
    }
}
