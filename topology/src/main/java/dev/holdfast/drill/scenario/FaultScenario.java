package dev.holdfast.drill.scenario;

import dev.holdfast.drill.ArchiveProbe;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillRoleChanges;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.EstateState;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.fault.AffectedNode;
import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Injects faults and observes that service returns.
 *
 * @param injections the faults, in the order of their times
 * @param recovery what restores service
 * @param hold the least time that the faults stay active
 * @param acceptDataLoss whether a failover may lose acknowledged writes, to measure how many
 */
public record FaultScenario(
        List<FaultInjection> injections, RecoveryMode recovery, Duration hold, boolean acceptDataLoss)
        implements Scenario {
    public FaultScenario {
        injections = List.copyOf(injections);
    }

    public FaultScenario(List<FaultInjection> injections, RecoveryMode recovery, Duration hold) {
        this(injections, recovery, hold, false);
    }

    @Override
    public List<String> sentences() {
        return injections.stream().map(FaultInjection::sentence).toList();
    }

    @Override
    public String target() {
        return String.join(
                "; ",
                injections.stream().map(s -> s.target().sentence()).distinct().toList());
    }

    @Override
    public String recoveredBy() {
        return recovery.sentence() + (acceptDataLoss ? "; acknowledged writes can be lost" : "");
    }

    @Override
    public List<Refusal> refusals(DrillContext drillContext, EstateState state) {
        drillContext.scope().drillGroups().stream()
                .filter(this::isPromoted)
                .forEach(s -> DrillRoleChanges.failover(s, acceptDataLoss));
        List<Refusal> all = new ArrayList<>();
        for (FaultInjection injection : injections) {
            List<AffectedNode> affectedNodes = injection.affectedNodes(drillContext.scope(), state);
            if (affectedNodes.isEmpty()) {
                all.add(new Refusal(
                        drillContext.scope().name(),
                        "gate target: no node matches the target: "
                                + injection.target().sentence(),
                        "holdfast drill show shows the targets of a drill"));
            }
            affectedNodes.forEach(v -> all.addAll(drillContext.breaks().impossible(injection.fault(), v)));
        }
        return all;
    }

    private boolean isPromoted(DrillGroup drillGroup) {
        return recovery == RecoveryMode.BY_FAILOVER
                || recovery == RecoveryMode.AS_EACH_CAN
                        && !drillGroup.drillProfile().electsByItself();
    }

    @Override
    public ClientImpact clientImpact(DrillScope scope, EstateState state, Stream stream) {
        List<Node> affected = injections.stream()
                .flatMap(s -> s.affectedNodes(scope, state).stream())
                .flatMap(v -> v.nodes().stream())
                .toList();
        Optional<Node> primary = state.primary(stream.cluster(), stream.group());
        if (primary.isPresent() && affected.contains(primary.get())) {
            return ClientImpact.AFFECTED;
        }
        boolean isTouched = affected.stream()
                .anyMatch(n -> n.cluster().equals(stream.cluster())
                        && (n.group().equals(stream.group())
                                || stream.endpoint().seeds().contains(n)
                                || isShared(scope, n)));
        return isTouched ? ClientImpact.TOUCHED : ClientImpact.NOTHING;
    }

    /** Config servers, routers and proxies serve every data group of their cluster. */
    private static boolean isShared(DrillScope scope, Node node) {
        return scope.clusters().stream()
                .filter(s -> s.cluster().name().equals(node.cluster()))
                .noneMatch(s -> s.drillProfile()
                        .groups(dev.holdfast.engine.DrillProfile.GroupRole.DATA)
                        .contains(node.group()));
    }

    @Override
    public String clockFrom() {
        return recovery == RecoveryMode.BY_REVERT ? "reverted" : "fault";
    }

    @Override
    public String clockUntil() {
        return recovery == RecoveryMode.BY_REVERT ? "stopped" : "repair";
    }

    /** Returns the terms of the group with the longest recovery. */
    @Override
    public List<RecoveryTerm> predicted(DrillScope scope) {
        if (injections.stream().noneMatch(s -> s.target().affectsPrimaries())) {
            return List.of();
        }
        FaultEffect effect = recovery == RecoveryMode.BY_REVERT
                ? FaultEffect.STARTED_AGAIN
                : injections.get(0).fault().effect();
        return scope.drillGroups().stream()
                .map(s -> s.drillProfile().forecast(s.group(), effect))
                .max(Comparator.comparing(
                        terms -> terms.stream().map(RecoveryTerm::most).reduce(Duration.ZERO, Duration::plus)))
                .orElse(List.of());
    }

    @Override
    public void run(DrillContext drillContext) {
        EstateState before = drillContext.look();
        if (!drillContext.next("inject the faults")) {
            return;
        }
        new FaultInjector(drillContext).make(injections);
        if (!drillContext.next("recover")) {
            return;
        }
        DrillRoleChanges promotion = new DrillRoleChanges(drillContext);
        List<Supplier<Boolean>> failovers = new ArrayList<>();
        for (DrillGroup drillGroup : drillContext.scope().drillGroups()) {
            before.primary(drillGroup)
                    .filter(p -> isPromoted(drillGroup) && isAffected(drillContext, p))
                    .ifPresent(p -> failovers.add(() -> failOver(drillContext, promotion, drillGroup, p)));
        }
        drillContext.context().sideBySide(failovers);
        drillContext.wait(hold);
        if (recovery != RecoveryMode.BY_REVERT) {
            drillContext.awaitService();
        }
        promotion.reportRoleChanges();
    }

    /** The group's other faults are reverted at their own times. */
    private boolean failOver(DrillContext drillContext, DrillRoleChanges promotion, DrillGroup drillGroup, Node lost) {
        boolean done = promotion.carryOut(
                DrillRoleChanges.failover(drillGroup, acceptDataLoss),
                () -> drillContext.damage().forget(v -> v.nodes().contains(lost)));
        if (done && drillGroup.drillProfile().waitsForRejoin()) {
            promotion.rejoin(drillGroup, List.of(lost));
        }
        return done;
    }

    private static boolean isAffected(DrillContext drillContext, Node node) {
        return drillContext.damage().affected().stream().anyMatch(v -> v.nodes().contains(node));
    }

    /** A primary that lost its role by failover rejoins as a standby. */
    @Override
    public void repair(DrillContext drillContext) {
        EstateState now = drillContext.look();
        for (DrillGroup drillGroup : drillContext.scope().drillGroups()) {
            if (isPromoted(drillGroup) || drillGroup.drillProfile().returnsByRejoin()) {
                List<Node> affected = drillGroup.members().stream()
                        .filter(n -> isAffected(drillContext, n)
                                && !now.primary(drillGroup).equals(Optional.of(n)))
                        .toList();
                new DrillRoleChanges(drillContext).rejoin(drillGroup, affected);
            }
        }
        if (recovery == RecoveryMode.BY_REVERT) {
            drillContext.awaitService();
        }
        injections.stream().filter(s -> s.fault().isOfArchive()).forEach(s -> ArchiveProbe.seeAgain(drillContext, s));
    }
}
