package dev.holdfast.engine;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Host;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts a cluster's maintenance on the record of each of its hosts, or takes it off. */
public final class MaintenanceRecord {

    private static final Duration MOMENT = Duration.ofSeconds(15);

    private final Cluster cluster;
    /** What shall be on record; empty takes it off. */
    private final Optional<String> reason;

    private MaintenanceRecord(Cluster cluster, Optional<String> reason) {
        this.cluster = cluster;
        this.reason = reason;
    }

    /** @param reason why, in a person's words; empty ends the maintenance */
    public static Runbook<?> book(Cluster cluster, Optional<String> reason) {
        MaintenanceRecord record = new MaintenanceRecord(cluster, reason);
        return new Runbook<>(
                cluster.name(),
                reason.isPresent() ? "begin maintenance" : "end maintenance",
                record::look,
                List.of(new Act<>("record", record::plan)));
    }

    /** What the record of each host says. */
    private record Seen(Instant at, Map<Host, Answer> records) implements Observed {
        @Override
        public List<Observation> nodes() {
            return List.of();
        }

        @Override
        public List<String> complaints() {
            return List.of();
        }
    }

    private Seen look(World world) {
        List<Host> hosts = Maintenance.hosts(List.of(cluster));
        List<Answer> answers = world.sideBySide(hosts.stream()
                .<Supplier<Answer>>map(h -> () -> Maintenance.look(world, h))
                .toList());
        Map<Host, Answer> records = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            records.put(hosts.get(i), answers.get(i));
        }
        return new Seen(world.now(), records);
    }

    private Plan plan(Seen seen) {
        if (seen.records().values().stream().noneMatch(Answer::isOk)) {
            return Plan.refused(List.of(new Refusal(
                    cluster.name(), "none of its hosts answers", "make one of them answer", Exit.UNREACHABLE)));
        }
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        seen.records().forEach((host, answer) -> {
            if (!answer.isOk()) {
                notes.add(host.name() + " does not answer, and its record stays as it is: " + answer.sentence());
            } else if (!isRight(answer)) {
                steps.add(written(host, seen.at()));
            }
        });
        return new Plan(steps, List.of(), notes);
    }

    private boolean isRight(Answer answer) {
        List<Maintenance> here = Maintenance.read(answer).stream()
                .filter(m -> m.cluster().equals(cluster.name()))
                .toList();
        return reason.map(r -> here.stream()
                        .anyMatch(m -> m.reason()
                                .equals(Maintenance.of(cluster.name(), Instant.EPOCH, r)
                                        .reason())))
                .orElse(here.isEmpty());
    }

    private Step written(Host host, Instant now) {
        String line =
                reason.map(r -> Maintenance.of(cluster.name(), now, r).line()).orElse("");
        Script script = Script.of("host/maintenance.sh")
                .with("directory", host.directory())
                .with("cluster", cluster.name())
                .with("line", line);
        return Step.on(
                        host.name(),
                        reason.isPresent()
                                ? "Note on " + host.name() + " that " + cluster.name() + " is in maintenance"
                                : "Note on " + host.name() + " that the maintenance of " + cluster.name() + " is over")
                .because(
                        reason.map(r -> "roles shall not change while it lasts").orElse("roles may change again"))
                .type(new Action.Exec(host, script, Intent.CHANGE, MOMENT))
                .until(
                        new Condition("the record of " + host.name() + " says so", world -> {
                            Answer answer = Maintenance.look(world, host);
                            return new Condition.Glimpse(
                                    answer.isOk() && isRight(answer),
                                    answer.isOk() ? answer.text().strip() : answer.sentence());
                        }),
                        MOMENT);
    }
}
