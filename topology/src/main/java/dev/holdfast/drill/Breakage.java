package dev.holdfast.drill;

import dev.holdfast.drill.fault.Victim;
import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.engine.Rehearsal.Term;
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
public record Breakage(List<Strike> strikes, Recovery recovery, Duration hold, boolean acceptDataLoss)
        implements Course {
    public Breakage {
        strikes = List.copyOf(strikes);
    }

    public Breakage(List<Strike> strikes, Recovery recovery, Duration hold) {
        this(strikes, recovery, hold, false);
    }

    @Override
    public List<String> sentences() {
        return strikes.stream().map(Strike::sentence).toList();
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
    public List<Refusal> refusals(Stage stage, Sight seen) {
        stage.scene().sites().stream().filter(this::isPromoted).forEach(s -> Promotion.failover(s, acceptDataLoss));
        List<Refusal> all = new ArrayList<>();
        for (Strike strike : strikes) {
            List<Victim> victims = strike.victims(stage.scene(), seen);
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

    private boolean isPromoted(Site site) {
        return recovery == Recovery.BY_FAILOVER
                || recovery == Recovery.AS_EACH_CAN && !site.rehearsal().electsByItself();
    }

    @Override
    public Felt felt(Scene scene, Sight seen, Stream stream) {
        List<Node> struck = strikes.stream()
                .flatMap(s -> s.victims(scene, seen).stream())
                .flatMap(v -> v.nodes().stream())
                .toList();
        Optional<Node> primary = seen.primary(stream.cluster(), stream.group());
        if (primary.isPresent() && struck.contains(primary.get())) {
            return Felt.STRUCK;
        }
        boolean isTouched = struck.stream()
                .anyMatch(n -> n.cluster().equals(stream.cluster())
                        && (n.group().equals(stream.group())
                                || stream.entrance().seeds().contains(n)
                                || isShared(scene, n)));
        return isTouched ? Felt.TOUCHED : Felt.NOTHING;
    }

    /** Config servers and entrances serve every data group of their cluster. */
    private static boolean isShared(Scene scene, Node node) {
        return scene.clusters().stream()
                .filter(s -> s.cluster().name().equals(node.cluster()))
                .noneMatch(s -> s.rehearsal()
                        .groups(dev.holdfast.engine.Rehearsal.Part.DATA)
                        .contains(node.group()));
    }

    @Override
    public String clockFrom() {
        return recovery == Recovery.BY_MEND ? "mended" : "break";
    }

    @Override
    public String clockUntil() {
        return recovery == Recovery.BY_MEND ? "stopped" : "heal";
    }

    /** Those of the site that takes longest. */
    @Override
    public List<Term> predicted(Scene scene) {
        if (strikes.stream().noneMatch(s -> s.whom().strikesPrimaries())) {
            return List.of();
        }
        Blow blow = recovery == Recovery.BY_MEND
                ? Blow.STARTED_AGAIN
                : strikes.get(0).fault().blow();
        return scene.sites().stream()
                .map(s -> s.rehearsal().forecast(s.group(), blow))
                .max(Comparator.comparing(
                        terms -> terms.stream().map(Term::most).reduce(Duration.ZERO, Duration::plus)))
                .orElse(List.of());
    }

    @Override
    public void run(Stage stage) {
        Sight before = stage.look();
        if (!stage.next("break")) {
            return;
        }
        new Strikes(stage).make(strikes);
        if (!stage.next("recover")) {
            return;
        }
        Promotion promotion = new Promotion(stage);
        List<Supplier<Boolean>> failovers = new ArrayList<>();
        for (Site site : stage.scene().sites()) {
            before.primary(site)
                    .filter(p -> isPromoted(site) && isStruck(stage, p))
                    .ifPresent(p -> failovers.add(() -> failOver(stage, promotion, site, p)));
        }
        stage.world().sideBySide(failovers);
        stage.wait(hold);
        if (recovery != Recovery.BY_MEND) {
            stage.awaitService();
        }
        promotion.tellAccounts();
    }

    /** What else is broken of the site is mended at its own time. */
    private boolean failOver(Stage stage, Promotion promotion, Site site, Node lost) {
        return promotion.carryOut(
                Promotion.failover(site, acceptDataLoss),
                () -> stage.damage().forget(v -> v.nodes().contains(lost)));
    }

    private static boolean isStruck(Stage stage, Node node) {
        return stage.damage().struck().stream().anyMatch(v -> v.nodes().contains(node));
    }

    /** Whoever lost the primary's role by force comes back as a copy. */
    @Override
    public void heal(Stage stage) {
        Sight now = stage.look();
        for (Site site : stage.scene().sites()) {
            if (isPromoted(site)) {
                List<Node> struck = site.members().stream()
                        .filter(n -> isStruck(stage, n) && !now.primary(site).equals(Optional.of(n)))
                        .toList();
                new Promotion(stage).bringBack(site, struck);
            }
        }
        if (recovery == Recovery.BY_MEND) {
            stage.awaitService();
        }
        strikes.stream().filter(s -> s.fault().isOfArchive()).forEach(s -> Archive.seeAgain(stage, s));
    }
}
