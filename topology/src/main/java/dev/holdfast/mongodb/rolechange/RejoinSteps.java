package dev.holdfast.mongodb.rolechange;

import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The steps that return a member to its replica set.
 *
 * <ol>
 *   <li>If it is primary of an old configuration, it is stopped.
 *   <li>If its data cannot be used, the data is set aside, and it will run an initial sync.
 *   <li>The primary adds it without a vote, so that it gets the new configuration before it can vote.
 *   <li>Its fence is removed, and it is started.
 *   <li>It rolls back its own operations and catches up, until it has operations of the primary's term.
 *   <li>The files of the rollback are moved out of its data directory, counted and kept.
 *   <li>It gets its vote and its priority.
 * </ol>
 *
 * Invariants: one voter at a time. Holdfast never deletes its data. A forced configuration is replaced by a forced one while another
 * member has not shown that it knows it, see {@link ReplicaSetState#unaware}.
 */
record RejoinSteps(RoleChangeState state, RejoinFacts facts, Credentials login) {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration SOON = Duration.ofSeconds(150);
    private static final Duration CATCH_UP = Duration.ofHours(12);
    private static final long CAUGHT_UP_SECONDS = 10;

    private Node node() {
        return facts.member().node();
    }

    private Node primary() {
        return facts.lead().node();
    }

    private Step.Builder step(String title) {
        return Step.on(node().id(), title);
    }

    Plan stop() {
        if (!facts.isStalePrimary() || facts.isBroken()) { // the step that sets data aside ends the process too
            return Plan.NOTHING;
        }
        return Plan.of(List.of(step("Stop " + node().id())
                .because(node().name() + " is primary of an old configuration, and the set has another primary")
                .risk(Risk.DANGER)
                .type(state.mongo().server(node()).stop())
                .until(ClusterConditions.down(state.mongo().estate(), node()), SOON)));
    }

    Plan setAside() {
        if (!facts.isBroken()) {
            return Plan.NOTHING;
        }
        Script script = marked("set-aside-data.sh").with("name", "data.before-" + STAMP.format(state.at()));
        return Plan.of(List.of(step("Set aside the data of " + node().id())
                .because(facts.obstacle() + "; the data is kept in " + node().directory() + "/data.before-"
                        + STAMP.format(state.at()))
                .risk(Risk.DANGER)
                .type(new Action.RunScript(node().host(), script, Access.CHANGE, SOON))
                .until(traced("the data of " + node().name() + " is set aside", RejoinSteps::dataLeft), SOON)));
    }

    private static String dataLeft(MemberDirectoryState now) {
        return !now.broken().isEmpty()
                ? now.broken()
                : now.written().map(w -> "the directory has data").orElse("");
    }

    Plan report() {
        MemberShape withoutVote = MemberShape.of(desired()).withoutVote();
        if (facts.member().isMember()) {
            boolean votesEmpty = facts.emptied() && facts.member().votes() && !withoutVote.arbiter();
            return votesEmpty
                    ? Plan.of(List.of(configure("Remove the vote of " + node().id() + " until it has data", withoutVote)
                            .because("the data directory is empty, and an empty voter could elect a primary that lacks"
                                    + " acknowledged writes")
                            .until(configured(withoutVote), SOON)))
                    : Plan.NOTHING;
        }
        return Plan.of(List.of(configure("Add " + node().id() + " without a vote", withoutVote)
                .because(node().name() + " is not in the configuration, and must be there before its start")
                .until(configured(withoutVote), SOON)));
    }

    Plan start() {
        if (!facts.isDown() && !facts.isStalePrimary() && !facts.isBroken()) {
            return Plan.NOTHING;
        }
        ServerProcess server = state.mongo().server(node());
        return Plan.of(List.of(step("Start " + node().id())
                .because((facts.isFenced()
                                ? node().name() + " is fenced"
                                : "the process of " + node().name() + " has exited")
                        + (facts.emptied() ? ", and its data directory is empty: an initial sync copies all data" : ""))
                .type(facts.isFenced() ? server.unfence() : server.start())
                .until(ClusterConditions.answers(node()), SOON)));
    }

    Plan catchUp() {
        String description = node().name() + " is healthy and has operations of the term of "
                + primary().name();
        return Plan.of(List.of(step("Wait until " + node().id() + " has caught up")
                .because(node().name() + " rolls back its own operations and fetches the missing ones")
                .until(new Condition(description, this::caughtUp), CATCH_UP)));
    }

    /** Also holds if it cannot continue with its data: the next steps are then planned from that state. */
    private ProbeResult caughtUp(ExecutionContext context) {
        MongoDocument hello = ServerQueries.hellos(context, List.of(node())).get(0);
        if (hello.is("arbiterOnly")) {
            return Condition.holds(node().name() + " is an arbiter");
        }
        MongoDocument own = reply(context, node(), login, "status.json");
        if (!hello.is("secondary")) {
            String broken = traces(context).broken();
            return new ProbeResult(
                    !broken.isEmpty(), broken.isEmpty() ? "the state is " + own.number("myState") : broken);
        }
        MongoDocument lead = reply(context, primary(), login, "status.json");
        OpTime has = OpTime.of(own.doc("optimes").doc("appliedOpTime"));
        OpTime newest = OpTime.of(lead.doc("optimes").doc("appliedOpTime"));
        boolean all = newest.isKnown()
                && has.term() >= newest.term()
                && newest.seconds() - has.seconds() <= CAUGHT_UP_SECONDS;
        String observed = node().name() + " has " + has + " of " + newest;
        if (!all) {
            return Condition.notYet(observed);
        }
        return switch (OplogDivergence.newest(context, node(), primary(), login)) {
            case SHARED -> Condition.holds(observed);
            case MISSING -> Condition.notYet(observed + ", and the primary lacks its last operation");
            case HIDDEN -> Condition.holds(observed + ", and has other operations with the same times");
        };
    }

    Plan moveRollbackFiles() {
        if (facts.traces().rolledBack().isEmpty()) {
            return Plan.NOTHING;
        }
        Script script = marked("move-rollback-files.sh").with("name", STAMP.format(state.at()));
        return Plan.of(List.of(step("Move the rollback files of " + node().id())
                .because("a rollback has left " + facts.traces().rolledBack().size() + " files in the member's data")
                .type(new Action.RunScript(node().host(), script, Access.CHANGE, Duration.ofMinutes(10)))
                .until(
                        traced(
                                "the data directory of " + node().name() + " has no rollback files",
                                t -> String.join(", ", t.rolledBack())),
                        SOON)));
    }

    Plan vote() {
        MemberShape declared = MemberShape.of(desired());
        boolean isNew = !facts.member().isMember();
        boolean isUnusable = facts.isDown()
                && facts.member().isMember()
                && !facts.traces().broken().isEmpty();
        if (isUnusable || !isNew && facts.differs().isEmpty()) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(configure("Restore the vote of " + node().id(), declared)
                .because(isNew ? node().name() + " has joined without a vote" : String.join(", ", facts.differs()))
                .until(configured(declared), SOON)));
    }

    private Member desired() {
        return state.set().desired().members().stream()
                .filter(m -> m.node().equals(node()))
                .findFirst()
                .orElseThrow();
    }

    private ReplicaSetConfig with(MemberShape member) {
        ReplicaSetConfig now = ReplicaSetConfig.of(state.set().config());
        List<MemberShape> members = new ArrayList<>();
        now.members().forEach(m -> members.add(m.host().equals(member.host()) ? member : m));
        if (!members.contains(member)) {
            members.add(member);
        }
        return now.with(members);
    }

    private Step.Builder configure(String title, MemberShape member) {
        MongoDocument config = state.set().config();
        Map<String, Object> next = with(member).over(config, config.number("version") + 1);
        return Step.on(facts.set(), title)
                .type(
                        state.set().unaware().isEmpty()
                                ? AdminCommands.reconfig(primary(), login, next)
                                : AdminCommands.forceReconfig(primary(), login, next));
    }

    private Condition configured(MemberShape member) {
        return ClusterConditions.configured(primary(), login, with(member));
    }

    private Script marked(String file) {
        return Script.of("mongodb/" + file)
                .with("directory", node().directory())
                .with("mark", HostFacts.mark(state.mongo().estate(), node()));
    }

    private MemberDirectoryState traces(ExecutionContext context) {
        return MemberDirectoryState.look(context, List.of(node())).get(node());
    }

    /** @param obstacle the reason why the condition does not hold; empty if it holds */
    private Condition traced(String description, java.util.function.Function<MemberDirectoryState, String> obstacle) {
        return new Condition(description, context -> {
            MemberDirectoryState now = traces(context);
            String left = now.trouble().isEmpty() ? obstacle.apply(now) : now.trouble();
            return new ProbeResult(left.isEmpty(), left.isEmpty() ? "done" : left);
        });
    }
}
