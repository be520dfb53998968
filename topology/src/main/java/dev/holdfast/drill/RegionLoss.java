package dev.holdfast.drill;

import dev.holdfast.drill.fault.Kill;
import dev.holdfast.drill.fault.Victim;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.engine.Rehearsal.Term;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload.Stream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Loses all members of a group in the region of its primary, goes on with the copy in another region, and comes home.
 *
 * <ol>
 *   <li>Everything of the group in the primary's region ends at once.
 *   <li>The failover's table is asked as an operator asks it first, without accepting a loss; its bound goes on record.
 *   <li>The copy elsewhere is promoted, with the loss accepted; clients are served again.
 *   <li>The region comes back: its members rejoin, the role is handed back to where it was, without a loss.
 * </ol>
 *
 * Invariant: the role goes back only by a switchover, which is lossless or refused.
 */
public record RegionLoss() implements Course {

    private static final Strike STRIKE = Strike.of(new Kill(), Aim.REGION);

    @Override
    public List<String> sentences() {
        return List.of(STRIKE.sentence());
    }

    @Override
    public String whom() {
        return STRIKE.whom().sentence();
    }

    @Override
    public String byWhom() {
        return "Holdfast promotes the copy in another region, and hands the role back at the end; acknowledged writes may"
                + " be lost, within the bound that is told before";
    }

    @Override
    public List<Refusal> refusals(Stage stage, Sight seen) {
        Site site = site(stage.scene());
        if (seen.primary(site).isEmpty() || elsewhere(site, seen).isEmpty()) {
            return List.of(new Refusal(
                    stage.scene().name(),
                    "gate target: there is no member outside the region of a primary",
                    "declare dr: with a host of another region"));
        }
        return STRIKE.victims(stage.scene(), seen).stream()
                .flatMap(v -> stage.breaks().impossible(STRIKE.fault(), v).stream())
                .toList();
    }

    private static Site site(Scene scene) {
        return scene.sites().get(0);
    }

    private static Optional<Node> elsewhere(Site site, Sight seen) {
        String region = seen.primary(site).map(p -> p.host().region()).orElse("");
        return site.members().stream()
                .filter(n -> !n.host().region().equals(region))
                .findFirst();
    }

    @Override
    public Felt felt(Scene scene, Sight seen, Stream stream) {
        Site site = site(scene);
        boolean isIts =
                stream.cluster().equals(site.cluster().name()) && stream.group().equals(site.group());
        return isIts ? Felt.STRUCK : Felt.NOTHING;
    }

    @Override
    public List<Term> predicted(Scene scene) {
        return site(scene).rehearsal().forecast(site(scene).group(), Blow.KILLED);
    }

    @Override
    public void run(Stage stage) {
        Site site = site(stage.scene());
        Sight before = stage.look();
        Node heir = elsewhere(site, before).orElseThrow();
        if (!stage.next("break")) {
            return;
        }
        new Strikes(stage).make(List.of(STRIKE));
        if (!stage.next("recover")) {
            return;
        }
        Promotion promotion = new Promotion(stage);
        Maneuver<?> careful = failover(site, heir, false);
        Maneuver.Decided[] bound = {careful.decide(stage.world())};
        stage.await(Stage.longest(), () -> {
            bound[0] = careful.decide(stage.world());
            return bound[0].refusal().isEmpty() || losesData(bound[0]);
        });
        tellBound(stage, bound[0]);
        promotion.carryOut(
                failover(site, heir, true),
                () -> stage.damage().forget(v -> v.nodes().stream().anyMatch(site::holds)));
        stage.awaitService();
        promotion.tellAccounts();
    }

    /** How many commits may be lost stands beside the sentence; where nobody knows how many, it is left out. */
    private static void tellBound(Stage stage, Maneuver.Decided decided) {
        String sentence = decided.refusal().map(Refusal::what).orElse("nothing is lost");
        OptionalLong most = decided.refusal().isEmpty() ? OptionalLong.of(0) : decided.mostLost();
        Map<String, Object> facts = most.isPresent() ? Map.of("most_lost", most.getAsLong()) : Map.of();
        stage.mark("bound", sentence, facts);
    }

    private static boolean losesData(Maneuver.Decided decided) {
        return decided.refusal()
                .filter(r -> r.exit() == dev.holdfast.model.Exit.WOULD_LOSE_DATA)
                .isPresent();
    }

    private static Maneuver<?> failover(Site site, Node heir, boolean acceptDataLoss) {
        Order order = Promotion.order(site, Optional.of(heir.name()), acceptDataLoss);
        return site.engine().failover(site.topology(), site.cluster(), order);
    }

    /** Everybody who was left behind rejoins, and the role goes back to the first of them: the primary that was. */
    @Override
    public void heal(Stage stage) {
        Site site = site(stage.scene());
        List<Node> back = stage.damage().struck().stream()
                .map(Victim::nodes)
                .flatMap(List::stream)
                .filter(site::holds)
                .toList();
        new Promotion(stage).bringBack(site, back);
        stage.carryOut(List.of(site.engine().provision(site.topology(), site.cluster())));
        if (back.isEmpty() || stage.isOver()) {
            return;
        }
        Order order = Promotion.order(site, Optional.of(back.get(0).name()), false);
        Maneuver<?> home = site.engine().switchover(site.topology(), site.cluster(), order);
        stage.await(Stage.longest(), () -> home.decide(stage.world()).refusal().isEmpty());
        Maneuver.Decided decided = home.decide(stage.world());
        stage.note("failback: " + decided.sentence() + ", because " + decided.because());
        boolean done = decided.refusal().isEmpty()
                && stage.finish(List.of(home.book())).stream().allMatch(o -> o.isDone());
        stage.mark(done ? "home" : "not home", decided.sentence());
    }
}
