package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Exit;
import dev.holdfast.mongodb.Ruling.Kind;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.world.State;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RejoinRulesTest {

    @RegisterExtension
    static final DecisionTable TABLE = new DecisionTable("MongoDB: rejoin", RejoinRules.TABLE);

    private static Decision<Ruling> saw(Decision<Ruling> decision) {
        String then = decision.then().isGo() ? "go on" : "nothing is done";
        TABLE.saw(decision, then, decision.then().exit(), decision.then().hint());
        return decision;
    }

    private static final Standing PRIMARY = Stand.primary("a1").term(5).seen();
    private static final Traces FENCED = traces("given up", List.of(), "");

    private static Traces traces(String fenced, List<String> rolledBack, String broken) {
        return new Traces(fenced, List.of(), Optional.empty(), rolledBack, List.of(), broken);
    }

    private static Decision<Ruling> decided(
            Standing member, State process, Ground ground, Standing primary, Traces traces, String... differs) {
        return saw(Rule.decide(
                RejoinRules.TABLE,
                new RejoinCase(
                        "social/rs",
                        "c1",
                        List.of("a1", "b1"),
                        Optional.ofNullable(member),
                        process,
                        ground,
                        Optional.ofNullable(primary),
                        traces,
                        List.of(differs))));
    }

    private static Decision<Ruling> decided(Stand member, Traces traces, String... differs) {
        Standing seen = member.seen();
        return decided(seen, seen.isUp() ? State.UP : State.DOWN, Ground.OURS, PRIMARY, traces, differs);
    }

    private static void isRefused(Decision<Ruling> decision, Exit exit, String because, String hint) {
        assertThat(decision.then().kind()).isEqualTo(Kind.REFUSED);
        assertThat(decision.because()).isEqualTo(because);
        assertThat(decision.then().hint()).contains(hint);
        assertThat(decision.then().exit()).isEqualTo(exit);
    }

    private static void goes(Decision<Ruling> decision, String because) {
        assertThat(decision.then().kind()).isEqualTo(Kind.GO);
        assertThat(decision.because()).isEqualTo(because);
    }

    private static void isIdle(Decision<Ruling> decision, String because) {
        assertThat(decision.then().kind()).isEqualTo(Kind.NOTHING);
        assertThat(decision.because()).isEqualTo(because);
    }

    @Test
    void a_name_that_is_not_declared_is_refused() {
        isRefused(
                decided(null, State.SILENT, Ground.UNKNOWN, PRIMARY, Traces.NONE),
                Exit.USAGE,
                "social/rs has no member 'c1'",
                "its members are a1, b1");
    }

    @Test
    void without_a_primary_there_is_nothing_to_come_back_to() {
        isRefused(
                decided(Stand.down("c1").seen(), State.DOWN, Ground.OURS, null, FENCED),
                Exit.REFUSED,
                "social/rs has no primary to come back to",
                "holdfast failover social/rs");
    }

    @Test
    void a_silent_host_is_refused() {
        isRefused(
                decided(Stand.silent("c1").seen(), State.SILENT, Ground.UNKNOWN, PRIMARY, FENCED),
                Exit.UNREACHABLE,
                "its host does not say whether it runs",
                "reach the host");
    }

    @Test
    void a_process_that_does_not_answer_is_refused() {
        isRefused(
                decided(Stand.silent("c1").seen(), State.UP, Ground.OURS, PRIMARY, Traces.NONE),
                Exit.UNREACHABLE,
                "its process lives and does not answer",
                "end it and rejoin");
    }

    @Test
    void a_directory_that_is_not_there_is_for_apply() {
        isRefused(
                decided(Stand.down("c1").seen(), State.DOWN, Ground.ABSENT, PRIMARY, Traces.NONE),
                Exit.REFUSED,
                "its directory is not there",
                "holdfast apply makes it");
    }

    @Test
    void a_directory_of_somebody_else_is_not_touched() {
        isRefused(
                decided(Stand.down("c1").seen(), State.DOWN, Ground.FOREIGN, PRIMARY, Traces.NONE),
                Exit.REFUSED,
                "its directory holds something that is not this server's",
                "empty it");
    }

    @Test
    void the_primary_itself_is_left_alone() {
        Standing primary = Stand.primary("c1").seen();
        isIdle(decided(primary, State.UP, Ground.OURS, primary, Traces.NONE), "c1 is primary of social/rs");
    }

    @Test
    void one_that_takes_itself_for_primary_is_brought_back() {
        goes(
                decided(Stand.primary("c1"), Traces.NONE),
                "c1 takes itself for primary, but the set has gone on with a1 since");
    }

    @Test
    void one_whose_data_cannot_be_used_takes_a_new_copy() {
        goes(
                decided(Stand.in("c1", "recovering"), traces("", List.of(), "it is too stale")),
                "it is too stale; it takes a new copy, and its old data is kept aside");
    }

    @Test
    void a_fenced_one_is_brought_back() {
        goes(decided(Stand.down("c1").stranger(), FENCED), "it is fenced: given up");
    }

    @Test
    void one_that_the_configuration_does_not_know_is_brought_back() {
        goes(decided(Stand.in("c1", "removed").stranger(), Traces.NONE), "it is not in the configuration of social/rs");
    }

    @Test
    void a_dead_one_is_started() {
        goes(decided(Stand.down("c1"), Traces.NONE), "its process is gone");
    }

    @Test
    void one_that_shows_secondary_before_its_rollback_is_not_at_work() {
        goes(
                decided(Stand.secondary("c1").term(4), Traces.NONE),
                "it is secondary, 0 s behind, and has operations of term 4; a1 has term 5");
    }

    @Test
    void one_without_its_vote_is_given_it() {
        goes(decided(Stand.secondary("c1").term(5), Traces.NONE, "votes is 0, wanted 1"), "votes is 0, wanted 1");
    }

    @Test
    void what_a_rollback_left_is_laid_aside() {
        goes(
                decided(Stand.secondary("c1").term(5), traces("", List.of("rollback/x/removed.bson"), "")),
                "a rollback has left 1 files in its data");
    }

    @Test
    void one_that_is_back_is_left_alone() {
        isIdle(
                decided(Stand.secondary("c1").term(5).lag(2), Traces.NONE),
                "c1 is secondary in social/rs as declared, and has all but 2 s of what a1 has");
    }
}
