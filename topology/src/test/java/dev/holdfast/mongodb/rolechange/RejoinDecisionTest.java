package dev.holdfast.mongodb.rolechange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.Stand;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision.Kind;
import dev.holdfast.mongodb.state.FailoverRecord;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("unit")
class RejoinDecisionTest {

    @RegisterExtension
    static final DecisionTable TABLE = new DecisionTable("MongoDB: rejoin", RejoinDecision.TABLE);

    private static Decision<RoleChangeDecision> recorded(Decision<RoleChangeDecision> decision) {
        String then = decision.then().isGo() ? "go on" : "nothing is done";
        TABLE.recordRow(decision, then, decision.then().exit(), decision.then().hint());
        return decision;
    }

    private static final MemberStanding PRIMARY = Stand.primary("a1").term(5).standing();
    private static final MemberDirectoryState FENCED = traces("given up", List.of(), "");

    private static MemberDirectoryState traces(String fenced, List<String> rolledBack, String broken) {
        return new MemberDirectoryState(fenced, List.of(), Optional.empty(), rolledBack, List.of(), broken);
    }

    private static Decision<RoleChangeDecision> decided(
            MemberStanding member,
            NodeAvailability process,
            DirectoryOwner directoryOwner,
            MemberStanding primary,
            MemberDirectoryState traces,
            String... differs) {
        return decided(member, process, directoryOwner, primary, traces, Optional.empty(), false, differs);
    }

    private static Decision<RoleChangeDecision> decided(
            MemberStanding member,
            NodeAvailability process,
            DirectoryOwner directoryOwner,
            MemberStanding primary,
            MemberDirectoryState traces,
            Optional<OplogDivergence> divergence,
            boolean acceptsLoss,
            String... differs) {
        return recorded(DecisionRule.decide(
                RejoinDecision.TABLE,
                new RejoinFacts(
                        "social/rs",
                        "c1",
                        List.of("a1", "b1"),
                        Optional.ofNullable(member),
                        process,
                        directoryOwner,
                        Optional.ofNullable(primary),
                        traces,
                        List.of(differs),
                        false,
                        divergence,
                        acceptsLoss,
                        false)));
    }

    private static Decision<RoleChangeDecision> decided(Stand member, MemberDirectoryState traces, String... differs) {
        MemberStanding state = member.standing();
        return decided(
                state,
                state.isUp() ? NodeAvailability.UP : NodeAvailability.DOWN,
                DirectoryOwner.OURS,
                PRIMARY,
                traces,
                differs);
    }

    private static void isRefused(Decision<RoleChangeDecision> decision, ExitCode exit, String because, String hint) {
        assertThat(decision.then().kind()).isEqualTo(Kind.REFUSED);
        assertThat(decision.because()).isEqualTo(because);
        assertThat(decision.then().hint()).contains(hint);
        assertThat(decision.then().exit()).isEqualTo(exit);
    }

    private static void goes(Decision<RoleChangeDecision> decision, String because) {
        assertThat(decision.then().kind()).isEqualTo(Kind.GO);
        assertThat(decision.because()).isEqualTo(because);
    }

    private static void isIdle(Decision<RoleChangeDecision> decision, String because) {
        assertThat(decision.then().kind()).isEqualTo(Kind.NOTHING);
        assertThat(decision.because()).isEqualTo(because);
    }

    private static Decision<RoleChangeDecision> parted(String unread, boolean acceptsLoss) {
        MemberStanding member = Stand.in("c1", "removed").undeclared().standing();
        OplogDivergence divergence = new OplogDivergence(
                member.node(), PRIMARY.node(), OpTime.NONE, 1, 47, new OpTime(4, Stand.NOW, 1), false, unread);
        return decided(
                member,
                NodeAvailability.UP,
                DirectoryOwner.OURS,
                PRIMARY,
                MemberDirectoryState.NONE,
                Optional.of(divergence),
                acceptsLoss);
    }

    @Test
    void a_member_with_changes_that_the_primary_lacks_comes_back_only_when_their_loss_is_accepted() {
        isRefused(
                parted("", false),
                ExitCode.WOULD_LOSE_DATA,
                "c1 has 1 change up to 2026-01-01T00:00:00Z (operation 1 of that second, term 4) that a1 lacks, and a1 has"
                        + " 47 changes that c1 lacks; acknowledged writes can be among them",
                "holdfast rejoin social/rs/c1 --accept-data-loss");
        goes(parted("", true), "c1 is not in the configuration of social/rs");
    }

    /** MongoDB would take an operation of the other primary for its own, and would roll back nothing. */
    @Test
    void a_member_whose_difference_mongodb_does_not_find_gets_a_new_copy() {
        MemberStanding member = Stand.in("c1", "removed").undeclared().standing();
        Optional<OplogDivergence> hidden = Optional.of(new OplogDivergence(
                member.node(), PRIMARY.node(), OpTime.NONE, 1, 47, new OpTime(4, Stand.NOW, 1), true, ""));
        String difference = "c1 has 1 change up to 2026-01-01T00:00:00Z (operation 1 of that second, term 4) that a1"
                + " lacks, and a1 has 47 changes that c1 lacks. Both were primary in one term, so MongoDB does not find"
                + " this difference: the member needs a new copy";
        isRefused(
                decided(
                        member,
                        NodeAvailability.UP,
                        DirectoryOwner.OURS,
                        PRIMARY,
                        MemberDirectoryState.NONE,
                        hidden,
                        false),
                ExitCode.WOULD_LOSE_DATA,
                difference + "; acknowledged writes can be among them",
                "holdfast rejoin social/rs/c1 --accept-data-loss");
        goes(
                decided(
                        member,
                        NodeAvailability.UP,
                        DirectoryOwner.OURS,
                        PRIMARY,
                        MemberDirectoryState.NONE,
                        hidden,
                        true),
                difference + "; the member needs an initial sync, and its old data is set aside");
    }

    private static MemberDirectoryState fencedInTerm(long common, long logged) {
        String fence = new FailoverRecord(Instant.EPOCH, 7, "a1", common).line();
        return new MemberDirectoryState(fence, List.of(), Optional.empty(), List.of(), List.of(), logged, "", "");
    }

    /** It was primary in a term that the survivor did not know, and the survivor was then elected in the same one. */
    @Test
    void a_fenced_member_that_can_have_other_operations_with_the_same_times_gets_a_new_copy() {
        goes(
                decided(Stand.down("c1").undeclared(), fencedInTerm(4, 5)),
                "the member knows term 5, and the operations of both sides are known to be the same only up to term 4, so"
                        + " MongoDB can miss the difference; the member needs an initial sync, and its old data is set aside");
        goes(
                decided(Stand.down("c1").undeclared(), fencedInTerm(4, 0)),
                "the server log of the member shows no term, and the operations of both sides are known to be the same only"
                        + " up to term 4, so MongoDB can miss the difference; the member needs an initial sync, and its old"
                        + " data is set aside");
        goes(
                decided(Stand.down("c1").undeclared(), fencedInTerm(4, 4)),
                "c1 is fenced: 1970-01-01T00:00:00Z forced failover to a1 from configuration 7 in term 4");
        goes(
                decided(Stand.down("c1").undeclared(), fencedInTerm(FailoverRecord.UNKNOWN, 5)),
                "c1 is fenced: 1970-01-01T00:00:00Z forced failover to a1 from configuration 7");
    }

    @Test
    void a_member_whose_oplog_cannot_be_read_is_left_as_it_is() {
        for (boolean acceptsLoss : List.of(false, true)) {
            isRefused(
                    parted("no answer", acceptsLoss),
                    ExitCode.UNREACHABLE,
                    "the oplogs of c1 and a1 could not be compared: no answer",
                    "holdfast apply starts stopped members");
        }
    }

    /** It ended when it had to roll back operations that it had committed: nothing starts it again. */
    @Test
    void a_stopped_member_that_cannot_start_for_a_comparison_comes_back_only_when_its_loss_is_accepted() {
        MemberStanding member = Stand.down("c1").undeclared().standing();
        Optional<OplogDivergence> unread = Optional.of(new OplogDivergence(
                member.node(), PRIMARY.node(), OpTime.NONE, 0, 0, OpTime.NONE, false, "c1 does not answer"));
        MemberDirectoryState broken = traces("", List.of(), "the member would have to roll back committed operations");
        isRefused(
                decided(member, NodeAvailability.DOWN, DirectoryOwner.OURS, PRIMARY, broken, unread, false),
                ExitCode.WOULD_LOSE_DATA,
                "c1 cannot start with its data: the member would have to roll back committed operations; acknowledged"
                        + " writes that a1 lacks can be in the data",
                "holdfast rejoin social/rs/c1 --accept-data-loss");
        goes(
                decided(member, NodeAvailability.DOWN, DirectoryOwner.OURS, PRIMARY, broken, unread, true),
                "the member would have to roll back committed operations; the member needs an initial sync, and its old"
                        + " data is set aside");
    }

    @Test
    void a_member_whose_directory_is_not_described_is_neither_fenced_nor_back() {
        isRefused(
                decided(
                        Stand.secondary("c1").term(5).lag(2),
                        MemberDirectoryState.unknown(ActionResult.silent("the answer was truncated"))),
                ExitCode.UNREACHABLE,
                "the host does not report the contents of the member's directory: no answer: the answer was truncated",
                "make the host answer");
    }

    @Test
    void a_member_that_is_left_out_is_compared_before_it_joins_again() {
        isRefused(
                decided(Stand.down("c1").undeclared(), MemberDirectoryState.NONE),
                ExitCode.REFUSED,
                "c1 is not in the configuration of social/rs, was not left behind by a failover, and does not run: the member's data must be compared with the primary's before it joins",
                "holdfast apply");
        goes(decided(Stand.down("c1").undeclared(), FENCED), "c1 is fenced: given up");
    }

    @Test
    void a_name_that_is_not_declared_is_refused() {
        isRefused(
                decided(null, NodeAvailability.SILENT, DirectoryOwner.UNKNOWN, PRIMARY, MemberDirectoryState.NONE),
                ExitCode.USAGE,
                "social/rs has no member 'c1'",
                "the members are a1, b1");
    }

    @Test
    void without_a_primary_there_is_nothing_to_come_back_to() {
        isRefused(
                decided(Stand.down("c1").standing(), NodeAvailability.DOWN, DirectoryOwner.OURS, null, FENCED),
                ExitCode.REFUSED,
                "social/rs has no primary that the member can join",
                "holdfast failover social/rs");
    }

    @Test
    void a_primary_that_does_not_let_holdfast_log_in_is_refused() {
        MemberStanding known = PRIMARY;
        MemberStanding closed = new MemberStanding(
                known.node(),
                known.state(),
                known.role(),
                known.member(),
                OpTime.NONE,
                0,
                known.region(),
                known.remedy(),
                known.endless());
        isRefused(
                decided(Stand.down("c1").standing(), NodeAvailability.DOWN, DirectoryOwner.OURS, closed, FENCED),
                ExitCode.REFUSED,
                "a1 is primary, and the login fails",
                "on a host with the secrets of the cluster");
    }

    @Test
    void a_silent_host_is_refused() {
        isRefused(
                decided(
                        Stand.silent("c1").standing(),
                        NodeAvailability.SILENT,
                        DirectoryOwner.UNKNOWN,
                        PRIMARY,
                        FENCED),
                ExitCode.UNREACHABLE,
                "the host does not report whether c1 runs",
                "make the host answer");
    }

    @Test
    void a_process_that_does_not_answer_is_refused() {
        isRefused(
                decided(
                        Stand.silent("c1").standing(),
                        NodeAvailability.UP,
                        DirectoryOwner.OURS,
                        PRIMARY,
                        MemberDirectoryState.NONE),
                ExitCode.UNREACHABLE,
                "the process of c1 runs and does not answer",
                "end the process, then holdfast rejoin social/rs/c1");
    }

    @Test
    void a_directory_that_is_not_there_is_for_apply() {
        isRefused(
                decided(
                        Stand.down("c1").standing(),
                        NodeAvailability.DOWN,
                        DirectoryOwner.ABSENT,
                        PRIMARY,
                        MemberDirectoryState.NONE),
                ExitCode.REFUSED,
                "the directory does not exist",
                "holdfast apply creates the directory");
    }

    @Test
    void a_directory_of_another_owner_is_not_touched() {
        isRefused(
                decided(
                        Stand.down("c1").standing(),
                        NodeAvailability.DOWN,
                        DirectoryOwner.FOREIGN,
                        PRIMARY,
                        MemberDirectoryState.NONE),
                ExitCode.REFUSED,
                "the directory contains files of another owner",
                "empty the directory");
    }

    @Test
    void the_primary_itself_is_left_alone() {
        MemberStanding primary = Stand.primary("c1").standing();
        isIdle(
                decided(primary, NodeAvailability.UP, DirectoryOwner.OURS, primary, MemberDirectoryState.NONE),
                "c1 is primary of social/rs");
    }

    @Test
    void one_that_takes_itself_for_primary_is_brought_back() {
        goes(
                decided(Stand.primary("c1"), MemberDirectoryState.NONE),
                "c1 is primary of an old configuration, and the primary of the set is a1");
    }

    @Test
    void one_whose_data_cannot_be_used_takes_a_new_copy() {
        goes(
                decided(Stand.in("c1", "recovering"), traces("", List.of(), "the member is too stale")),
                "the member is too stale; the member needs an initial sync, and its old data is set aside");
    }

    @Test
    void a_fenced_one_is_brought_back() {
        goes(decided(Stand.down("c1").undeclared(), FENCED), "c1 is fenced: given up");
    }

    @Test
    void one_that_the_configuration_does_not_know_is_brought_back() {
        goes(
                decided(Stand.in("c1", "removed").undeclared(), MemberDirectoryState.NONE),
                "c1 is not in the configuration of social/rs");
    }

    @Test
    void a_dead_one_is_started() {
        goes(decided(Stand.down("c1"), MemberDirectoryState.NONE), "the process of c1 has exited");
    }

    @Test
    void one_that_shows_secondary_before_its_rollback_is_not_at_work() {
        goes(
                decided(Stand.secondary("c1").term(4), MemberDirectoryState.NONE),
                "c1 is secondary, 0 s behind, and has operations of term 4; a1 has term 5");
    }

    @Test
    void one_without_its_vote_is_given_it() {
        goes(
                decided(Stand.secondary("c1").term(5), MemberDirectoryState.NONE, "votes is 0, wanted 1"),
                "votes is 0, wanted 1");
    }

    @Test
    void what_a_rollback_left_is_laid_aside() {
        goes(
                decided(Stand.secondary("c1").term(5), traces("", List.of("rollback/x/removed.bson"), "")),
                "a rollback has left 1 files in the member's data");
    }

    @Test
    void one_that_is_back_is_left_alone() {
        isIdle(
                decided(Stand.secondary("c1").term(5).lag(2), MemberDirectoryState.NONE),
                "c1 is secondary in social/rs as declared, 2 s behind a1");
    }
}
