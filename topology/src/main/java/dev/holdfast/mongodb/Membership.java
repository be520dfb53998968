package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.ReconfigPath.Kind;
import dev.holdfast.mongodb.ReconfigPath.Stretch;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.world.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The members of a set that has a primary, brought to what is declared: every stretch of the {@link ReconfigPath} is one
 * step. A step ends when a majority has its configuration and, after a join, when the new member is at work and votes.
 */
record Membership(MongoSeen seen, SetSeen set, NodeSeen primary) {

    private static final Duration COMMIT = Duration.ofSeconds(90);
    private static final Duration INITIAL_SYNC = Duration.ofHours(12);

    List<Step> steps() {
        Doc config = primary.heard().config();
        List<Stretch> way = ReconfigPath.from(
                SetShape.of(config),
                wanted(),
                ReconfigPath.dead(set.status()),
                primary.node().endpoint());
        List<Step> steps = new ArrayList<>();
        long version = config.number("version");
        for (Stretch stretch : way) {
            // a join makes the set write one more version by itself, when the new member is given its vote
            version += stretch.kind() == Kind.STEP_DOWN ? 0 : 1 + joinsBefore(way, stretch);
            steps.add(step(stretch, config, version));
        }
        return steps;
    }

    /** What is declared, but for members that a failover gave up: a rejoin brings those back. */
    private SetShape wanted() {
        List<String> fenced = set.members().stream()
                .filter(NodeSeen::isFenced)
                .map(n -> n.node().endpoint())
                .toList();
        SetShape declared = SetShape.of(set.wanted());
        return declared.with(declared.members().stream()
                .filter(m -> !fenced.contains(m.host()))
                .toList());
    }

    private static long joinsBefore(List<Stretch> way, Stretch stretch) {
        return way.subList(0, way.indexOf(stretch)).stream()
                .filter(s -> s.kind() == Kind.JOIN)
                .count();
    }

    private Step step(Stretch stretch, Doc config, long version) {
        Login admin = seen.logins().admin();
        Node at = primary.node();
        Step.Draft draft = Step.on(ReplicaSets.lane(seen, set), title(stretch)).because(stretch.because());
        if (stretch.kind() == Kind.STEP_DOWN) {
            return draft.risk(Risk.PAUSE)
                    .type(MongoOrders.stepDown(at, admin))
                    .until(MongoUntil.elected(set.wanted(), at), COMMIT);
        }
        draft.type(MongoOrders.reconfig(at, admin, stretch.shape().over(config, version)));
        Condition configured = MongoUntil.configured(at, admin, stretch.shape());
        return stretch.kind() == Kind.JOIN
                ? draft.until(joined(at, admin, configured, stretch.member()), INITIAL_SYNC)
                : draft.until(configured, COMMIT);
    }

    private String title(Stretch stretch) {
        return switch (stretch.kind()) {
            case CHANGE ->
                stretch.member().isEmpty()
                        ? "Reconfigure " + set.name()
                        : "Change the vote of " + stretch.member() + " in " + set.name();
            case JOIN -> "Add " + stretch.member() + " to " + set.name();
            case LEAVE -> "Remove " + stretch.member() + " from " + set.name();
            case STEP_DOWN -> "Have " + stretch.member() + " step down as primary of " + set.name();
        };
    }

    private static Condition joined(Node primary, Login login, Condition configured, String member) {
        return new Condition(configured.says() + ", and " + member + " is at work", world -> {
            Glimpse first = configured.look().at(world);
            if (!first.holds()) {
                return first;
            }
            Doc status = MongoProbes.reply(world, primary, login, "status.json");
            Doc config = MongoProbes.reply(world, primary, login, "config.json").doc("config");
            List<String> lacking = Wholeness.lacking(status, config).stream()
                    .filter(l -> l.startsWith(member + " ") || l.endsWith("voters vote"))
                    .toList();
            return new Glimpse(lacking.isEmpty(), lacking.isEmpty() ? first.seen() : String.join("; ", lacking));
        });
    }
}
