package dev.holdfast.postgres.restore;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runbook that reverts an unfinished in-place restore: every member gets its preserved data back.
 *
 * <p>Holdfast removes restored data only if it never accepted a write. Once the restored server was opened for writes, the undo
 * is refused, and the same restore command finishes. The servers start afterwards, as {@code apply} does it.
 */
final class RestoreUndo {

    private static final Duration WITHIN = Duration.ofMinutes(5);

    private final PostgresCluster cluster;
    private final ClusterProbe probes;
    private final RestoreDestination destination;

    /**
     * The observed state that an undo is planned from.
     *
     * @param sites by member with a restore fence, the contents of its directory
     */
    record ObservedState(PostgresState now, Map<MemberState, DestinationState> sites) implements ExtendedClusterState {
        @Override
        public ClusterState observed() {
            return now;
        }
    }

    RestoreUndo(Topology topology, PostgresCluster cluster) {
        this.cluster = cluster;
        this.probes = new ClusterProbe(topology, cluster);
        this.destination = new RestoreDestination(topology, cluster, new dev.holdfast.backup.RestoreRequest.InPlace());
    }

    Runbook<ObservedState> runbook() {
        return new Runbook<>(
                cluster.name(),
                "undo the in-place restore of " + cluster.name(),
                this::look,
                List.of(new Stage<>("undo", this::plan)));
    }

    private ObservedState look(ExecutionContext context) {
        PostgresState now = probes.look(context, false);
        Map<MemberState, DestinationState> sites = new LinkedHashMap<>();
        now.members().stream()
                .filter(RestoreUndo::isFenced)
                .forEach(m -> sites.put(m, destination.look(context, m.node())));
        return new ObservedState(now, sites);
    }

    private static boolean isFenced(MemberState member) {
        return member.disk().fence().filter(FenceMark::isRestore).isPresent();
    }

    private Plan plan(ObservedState state) {
        List<Refusal> opened = state.sites().entrySet().stream()
                .filter(e -> isOpened(e.getValue()))
                .map(e -> new Refusal(
                        e.getKey().node().id(),
                        "the recovery target was already restored there and opened for writes",
                        "the same holdfast restore " + cluster.name()
                                + " --into in-place finishes it; the previous data" + " stays in "
                                + e.getKey().node().directory() + "/kept"))
                .toList();
        if (!opened.isEmpty()) {
            return Plan.refused(opened);
        }
        List<Refusal> missing = new ArrayList<>();
        state.now().members().stream()
                .filter(MemberState::isOutOfReach)
                .forEach(m -> missing.add(unreached(m, m.hostTrouble())));
        List<Step> steps = new ArrayList<>();
        state.sites().forEach((m, s) -> {
            if (s.trouble().isEmpty()) {
                steps.add(undone(m));
            } else if (!m.isOutOfReach()) {
                missing.add(unreached(m, s.trouble()));
            }
        });
        List<String> notes = steps.isEmpty() && missing.isEmpty()
                ? List.of("no in-place restore of " + cluster.name() + " is in progress: there is nothing to undo")
                : List.of();
        return new Plan(steps, List.of(), notes, missing, List.of());
    }

    private Refusal unreached(MemberState member, String why) {
        return new Refusal(
                member.node().id(),
                "the host does not answer: " + why,
                "run holdfast restore " + cluster.name() + " --undo again when the host answers",
                ExitCode.UNREACHABLE);
    }

    /** Returns whether the restored server has ended recovery: clients may have written to it. */
    private static boolean isOpened(DestinationState state) {
        return !state.order().isEmpty() && (state.data().equals("primary") || state.isOpen());
    }

    private Step undone(MemberState member) {
        String name = keptName(member.disk().fence().orElseThrow());
        Script script = Script.of("postgres/restore-undo.sh")
                .with("directory", member.node().directory())
                .with("name", name);
        return Step.on(member.node().id(), "Move back the data of " + member.name())
                .because("the restore is being undone; the data is in kept/" + name)
                .risk(Risk.PAUSE)
                .type(PgBackRestConfig.exec(member.node().host(), script, Access.CHANGE, WITHIN))
                .until(
                        new Condition(member.name() + " is not fenced and has its data", context -> {
                            MemberState now = probes.look(context, false).member(member.node());
                            boolean isBack = !isFenced(now) && now.hasDatabase();
                            return new ProbeResult(
                                    isBack,
                                    now.disk()
                                            .fence()
                                            .map(FenceMark::description)
                                            .orElse("no data"));
                        }),
                        WITHIN);
    }

    /** Returns the directory below {@code kept/} of the restore with that fence. */
    static String keptName(FenceMark fence) {
        return "before-restore-" + fence.at().replaceAll("[^0-9TZ]", "");
    }
}
