package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoProbes.reply;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.mongodb.SetShape.MemberShape;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that bring a member back which was left behind.
 *
 * <ol>
 *   <li>If it takes itself for primary, it is stopped.
 *   <li>If its data cannot be used, that is moved beside it, and it will take a new copy.
 *   <li>The set is told of it as a member without a vote, so that it learns the new configuration before it can elect.
 *   <li>It is started, and its fence is taken away.
 *   <li>It rolls back what the set never agreed to, and catches up; done when it has operations of the primary's own term.
 *   <li>The documents it rolled back are taken out of its data, counted and kept beside it.
 *   <li>It is given its vote and its priority.
 * </ol>
 *
 * Invariants: one voter at a time; nothing of its data is ever deleted.
 */
record Return(RoleSeen seen, RejoinCase deed, Login login) {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration SOON = Duration.ofSeconds(150);
    private static final Duration CATCH_UP = Duration.ofHours(12);
    private static final long CAUGHT_UP_SECONDS = 10;

    private Node node() {
        return deed.member().node();
    }

    private Node primary() {
        return deed.lead().node();
    }

    private Step.Draft step(String title) {
        return Step.on(node().id(), title);
    }

    Plan stop() {
        if (!deed.isStalePrimary()) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(step("Stop " + node().id())
                .because("it takes itself for primary, and the set has gone on without it")
                .risk(Risk.DANGER)
                .type(seen.mongo().server(node()).stop())
                .until(MongoUntil.down(seen.mongo().estate(), node()), SOON)));
    }

    Plan setAside() {
        if (!deed.isBroken()) {
            return Plan.NOTHING;
        }
        Script script = marked("set-aside-data.sh").with("name", "data.before-" + STAMP.format(seen.at()));
        return Plan.of(List.of(step("Set the data of " + node().id() + " aside")
                .because(deed.traces().broken())
                .risk(Risk.DANGER)
                .type(new Action.Exec(node().host(), script, Intent.CHANGE, SOON))
                .until(traced("its data is set aside", t -> t.broken().isEmpty() ? "" : t.broken()), SOON)));
    }

    Plan tell() {
        if (deed.member().isMember()) {
            return Plan.NOTHING;
        }
        MemberShape declared = MemberShape.of(wanted());
        MemberShape mute = new MemberShape(
                declared.host(),
                0,
                declared.arbiter() ? 1 : 0,
                declared.hidden(),
                declared.arbiter(),
                declared.delay(),
                declared.tags());
        return Plan.of(List.of(configure("Tell the set of " + node().id() + ", without a vote", mute)
                .because("it is not in the configuration, and must know that before it starts")
                .until(configured(mute), SOON)));
    }

    Plan start() {
        if (!deed.isDown() && !deed.isStalePrimary() && !deed.isBroken()) {
            return Plan.NOTHING;
        }
        MongoServer server = seen.mongo().server(node());
        return Plan.of(List.of(step("Start " + node().id())
                .because(deed.isFenced() ? "it was fenced" : "its process is gone")
                .type(deed.isFenced() ? server.unfence() : server.start())
                .until(MongoUntil.answers(node()), SOON)));
    }

    Plan catchUp() {
        if (deed.isAtWork()) {
            return Plan.NOTHING;
        }
        String says = node().name() + " is at work and has operations of the term of "
                + primary().name();
        return Plan.of(List.of(step("Wait until " + node().id() + " has caught up")
                .because("what the set never agreed to is rolled back, and what it missed is fetched")
                .until(new Condition(says, this::caughtUp), CATCH_UP)));
    }

    /** Also over when it cannot go on with its data: what to do then is planned from what is seen. */
    private Glimpse caughtUp(World world) {
        Doc hello = MongoProbes.hellos(world, List.of(node())).get(0);
        if (hello.is("arbiterOnly")) {
            return Condition.holds("it is an arbiter");
        }
        Doc own = reply(world, node(), login, "status.json");
        if (!hello.is("secondary")) {
            String broken = traces(world).broken();
            return new Glimpse(!broken.isEmpty(), broken.isEmpty() ? "its state is " + own.number("myState") : broken);
        }
        Doc lead = reply(world, primary(), login, "status.json");
        Optime has = Optime.of(own.doc("optimes").doc("appliedOpTime"));
        Optime newest = Optime.of(lead.doc("optimes").doc("appliedOpTime"));
        boolean all = newest.isKnown()
                && has.term() >= newest.term()
                && newest.seconds() - has.seconds() <= CAUGHT_UP_SECONDS;
        return new Glimpse(all, "it has " + has + " of " + newest);
    }

    Plan layAside() {
        if (deed.traces().rolledBack().isEmpty()) {
            return Plan.NOTHING;
        }
        Script script = marked("lay-aside-rollback.sh").with("name", STAMP.format(seen.at()));
        return Plan.of(List.of(step("Lay aside what " + node().id() + " rolled back")
                .because("a rollback has left " + deed.traces().rolledBack().size() + " files in its data")
                .type(new Action.Exec(node().host(), script, Intent.CHANGE, Duration.ofMinutes(10)))
                .until(
                        traced("its data holds no rolled back documents", t -> String.join(", ", t.rolledBack())),
                        SOON)));
    }

    Plan vote() {
        MemberShape declared = MemberShape.of(wanted());
        boolean isNew = !deed.member().isMember();
        if (!isNew && deed.differs().isEmpty()) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(configure("Give " + node().id() + " its vote", declared)
                .because(isNew ? "it comes back without one" : String.join(", ", deed.differs()))
                .until(configured(declared), SOON)));
    }

    private Member wanted() {
        return seen.set().wanted().members().stream()
                .filter(m -> m.node().equals(node()))
                .findFirst()
                .orElseThrow();
    }

    private SetShape with(MemberShape member) {
        SetShape now = SetShape.of(seen.set().config());
        List<MemberShape> members = new ArrayList<>();
        now.members().forEach(m -> members.add(m.host().equals(member.host()) ? member : m));
        if (!members.contains(member)) {
            members.add(member);
        }
        return now.with(members);
    }

    private Step.Draft configure(String title, MemberShape member) {
        Doc config = seen.set().config();
        return Step.on(deed.set(), title)
                .type(MongoOrders.reconfig(primary(), login, with(member).over(config, config.number("version") + 1)));
    }

    private Condition configured(MemberShape member) {
        return MongoUntil.configured(primary(), login, with(member));
    }

    private Script marked(String file) {
        return Script.of("mongodb/" + file)
                .with("directory", node().directory())
                .with("mark", Footing.mark(seen.mongo().estate(), node()));
    }

    private Traces traces(World world) {
        return Traces.look(world, List.of(node())).get(node());
    }

    /** @param obstacle what still stands in the way; empty when nothing does */
    private Condition traced(String says, java.util.function.Function<Traces, String> obstacle) {
        return new Condition(says, world -> {
            String left = obstacle.apply(traces(world));
            return new Glimpse(left.isEmpty(), left.isEmpty() ? "so it is" : left);
        });
    }
}
