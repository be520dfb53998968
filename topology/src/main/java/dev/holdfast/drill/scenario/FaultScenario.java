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
 * Breaks something and sees the service come back.
 *
 * @param strikes what is broken, in the order of their times
 * @param recovery who brings the service back
 * @param hold how long the faults stay, at least
 * @param acceptDataLoss whether a failover may lose acknowledged writes: to see how many it does
 */
public record FaultScenario(List<FaultInjection> strikes, RecoveryMode recovery, Duration hold, boolean acceptDataLoss)
        implements Scenario {
    public FaultScenario {
        strikes = List.copyOf(strikes);
    }

    public FaultScenario(List<FaultInjection> strikes, RecoveryMode recovery, Duration hold) {
        this(strikes, recovery, hold, false);
    }

    @Override
    public List<String> sentences() {
        return strikes.stream().map(FaultInjection::sentence).toList();
    }

    @Override
    public String whom() {
        return String.join(
                "; ", strikes.stream().map(s -> s.whom().sentence()).distinct().toList());
    }

    @Override
    public String byWhom() {
        return recovery.sentence() + (acceptDataLoss ? "; acknowledged writes may be lost" : "");
    }

    @Override
    public List<Refusal> refusals(DrillContext stage, EstateState seen) {
        stage.scene().sites().stream()
                .filter(this::isPromoted)
                .forEach(s -> DrillRoleChanges.failover(s, acceptDataLoss));
        List<Refusal> all = new ArrayList<>();
        for (FaultInjection strike : strikes) {
            List<AffectedNode> victims = strike.victims(stage.scene(), seen);
            if (victims.isEmpty()) {
                all.add(new Refusal(
                        stage.scene().name(),
                        "gate target: there is nobody to strike: "
                                + strike.whom().sentence(),
                        "holdfast drill show tells whom a drill strikes"));
            }
            victims.forEach(v -> all.addAll(stage.breaks().impossible(strike.fault(), v)));
        }
        return all;
    }

    private boolean isPromoted(DrillGroup site) {
        return recovery == RecoveryMode.BY_FAILOVER
                || recovery == RecoveryMode.AS_EACH_CAN && !site.rehearsal().electsByItself();
    }

    @Override
    public ClientImpact felt(DrillScope scene, EstateState seen, Stream stream) {
        List<Node> struck = strikes.stream()
                .flatMap(s -> s.victims(scene, seen).stream())
                .flatMap(v -> v.nodes().stream())
                .toList();
        Optional<Node> primary = seen.primary(stream.cluster(), stream.group());
        if (primary.isPresent() && struck.contains(primary.get())) {
            return ClientImpact.STRUCK;
        }
        boolean isTouched = struck.stream()
                .anyMatch(n -> n.cluster().equals(stream.cluster())
                        && (n.group().equals(stream.group())
                                || stream.entrance().seeds().contains(n)
                                || isShared(scene, n)));
        return isTouched ? ClientImpact.TOUCHED : ClientImpact.NOTHING;
    }

    /** Config servers and entrances serve every data group of their cluster. */
    private static boolean isShared(DrillScope scene, Node node) {
        return scene.clusters().stream()
                .filter(s -> s.cluster().name().equals(node.cluster()))
                .noneMatch(s -> s.rehearsal()
                        .groups(dev.holdfast.engine.DrillProfile.GroupRole.DATA)
                        .contains(node.group()));
    }

    @Override
    public String clockFrom() {
        return recovery == RecoveryMode.BY_MEND ? "mended" : "break";
    }

    @Override
    public String clockUntil() {
        return recovery == RecoveryMode.BY_MEND ? "stopped" : "heal";
    }

    /** Those of the site that takes longest. */
    @Override
    public List<RecoveryTerm> predicted(DrillScope scene) {
        if (strikes.stream().noneMatch(s -> s.whom().strikesPrimaries())) {
            return List.of();
        }
        FaultEffect blow = recovery == RecoveryMode.BY_MEND
                ? FaultEffect.STARTED_AGAIN
                : strikes.get(0).fault().blow();
        return scene.sites().stream()
                .map(s -> s.rehearsal().forecast(s.group(), blow))
                .max(Comparator.comparing(
                        terms -> terms.stream().map(RecoveryTerm::most).reduce(Duration.ZERO, Duration::plus)))
                .orElse(List.of());
    }

    @Override
    public void run(DrillContext stage) {
        EstateState before = stage.look();
        if (!stage.next("break")) {
            return;
        }
        new FaultInjector(stage).make(strikes);
        if (!stage.next("recover")) {
            return;
        }
        DrillRoleChanges promotion = new DrillRoleChanges(stage);
        List<Supplier<Boolean>> failovers = new ArrayList<>();
        for (DrillGroup site : stage.scene().sites()) {
            before.primary(site)
                    .filter(p -> isPromoted(site) && isStruck(stage, p))
                    .ifPresent(p -> failovers.add(() -> failOver(stage, promotion, site, p)));
        }
        stage.world().sideBySide(failovers);
        stage.wait(hold);
        if (recovery != RecoveryMode.BY_MEND) {
            stage.awaitService();
        }
        promotion.tellAccounts();
    }

    /** What else is broken of the site is mended at its own time. */
    private boolean failOver(DrillContext stage, DrillRoleChanges promotion, DrillGroup site, Node lost) {
        boolean done = promotion.carryOut(
                DrillRoleChanges.failover(site, acceptDataLoss),
                () -> stage.damage().forget(v -> v.nodes().contains(lost)));
        if (done && site.rehearsal().waitsForRejoin()) {
            promotion.bringBack(site, List.of(lost));
        }
        return done;
    }

    private static boolean isStruck(DrillContext stage, Node node) {
        return stage.damage().struck().stream().anyMatch(v -> v.nodes().contains(node));
    }

    /** Whoever lost the primary's role by force comes back as a copy. */
    @Override
    public void heal(DrillContext stage) {
        EstateState now = stage.look();
        for (DrillGroup site : stage.scene().sites()) {
            if (isPromoted(site)) {
                List<Node> struck = site.members().stream()
                        .filter(n -> isStruck(stage, n) && !now.primary(site).equals(Optional.of(n)))
                        .toList();
                new DrillRoleChanges(stage).bringBack(site, struck);
            }
        }
        if (recovery == RecoveryMode.BY_MEND) {
            stage.awaitService();
        }
        strikes.stream().filter(s -> s.fault().isOfArchive()).forEach(s -> ArchiveProbe.seeAgain(stage, s));
    }
}
