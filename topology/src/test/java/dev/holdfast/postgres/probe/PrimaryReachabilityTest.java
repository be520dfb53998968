package dev.holdfast.postgres.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.world.FakeOutput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A missing, truncated or odd answer about a primary never counts as evidence that it is lost. */
@Tag("unit")
class PrimaryReachabilityTest {

    private static FakeOutput answer() {
        return new FakeOutput("postgres/query-check.sh");
    }

    private static Optional<String> local(ActionResult answer) {
        return PrimaryReachability.localAnswer(answer);
    }

    @Test
    void a_primary_that_answers_on_its_host_is_not_lost() {
        assertThat(local(answer().record("answer", "primary", "t", "clients", 3, "standbys", "b1")
                        .answer()))
                .contains(
                        "on its own host the server answers through the local socket, with 3 client sessions and b1 streaming");
    }

    @Test
    void a_standby_that_answers_on_its_host_is_no_primary() {
        assertThat(local(answer().record("answer", "primary", "f", "clients", 3, "standbys", "")
                        .answer()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "124", "137"})
    void a_query_in_vain_on_its_host_shows_that_the_server_does_not_answer(String code) {
        assertThat(local(ActionResult.refused(code, "connection to server on socket failed: Connection refused")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3", "126", "127", "255"})
    void a_query_that_the_host_could_not_make_shows_nothing(String code) {
        assertThat(local(ActionResult.refused(code, "psql: not found")))
                .hasValueSatisfying(s -> assertThat(s)
                        .startsWith("the host did not report whether the server answers through the local socket: ")
                        .contains("psql: not found"));
    }

    @Test
    void an_error_of_the_server_on_its_host_is_an_answer() {
        assertThat(local(ActionResult.refused("2", "socket failed: FATAL:  sorry, too many clients already")))
                .hasValueSatisfying(s -> assertThat(s).contains("sorry, too many clients already"));
        assertThat(local(ActionResult.refused("2", "socket failed: FATAL:  the database system is starting up")))
                .isEmpty();
    }

    @Test
    void a_missing_truncated_empty_or_odd_answer_of_its_host_shows_nothing() {
        String whole = answer().record("answer", "primary", "t", "clients", 3, "standbys", "")
                .answer()
                .text();
        for (ActionResult answer : List.of(
                ActionResult.silent("no answer within 5000 ms"),
                ActionResult.ok(""),
                answer().answer(),
                ActionResult.ok(whole.substring(0, whole.length() / 2)),
                ActionResult.ok(whole.replace("\"end\"", "\"en\"")),
                ActionResult.ok(whole.replace("\"primary\":\"t\"", "\"primary\":\"\"")))) {
            assertThat(local(answer))
                    .as(answer.toString())
                    .hasValueSatisfying(
                            s -> assertThat(s).startsWith("the host did not report whether the server answers"));
        }
    }

    private static ActionResult row(Map<String, Object> row) {
        return ActionResult.ok(List.of(row));
    }

    @Test
    void a_proxy_reaches_a_primary_that_answers_through_it_with_or_without_its_role() {
        assertThat(PrimaryReachability.through("c1", row(Map.of("standby", false))))
                .isPresent();
        assertThat(PrimaryReachability.through("c1", row(Map.of()))).isPresent();
        assertThat(PrimaryReachability.through("c1", ActionResult.ok(List.of())))
                .isPresent();
        assertThat(PrimaryReachability.through("c1", row(Map.of("standby", true))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"53300, true", "28P01, true", "XX000, true", "57P03, false", "57P01, false", "08P01, false", "1, false"
    })
    void an_error_of_the_server_through_a_proxy_is_an_answer(String code, boolean isReached) {
        assertThat(PrimaryReachability.through("c1", ActionResult.refused(code, "x"))
                        .isPresent())
                .isEqualTo(isReached);
    }

    @Test
    void a_proxy_whose_server_is_gone_is_silent() {
        assertThat(PrimaryReachability.through("c1", ActionResult.silent("closed")))
                .isEmpty();
    }

    @Test
    void a_standby_that_does_not_answer_both_questions_may_still_receive_wal() {
        MemberState lost = Bank.applied(new Trio()).look().members().get(0);
        ActionResult ok = row(Map.of());
        ActionResult silent = ActionResult.silent("no answer within 5000 ms");
        assertThat(PrimaryReachability.received("b1", lost, ok, ok)).isEmpty();
        for (List<ActionResult> pair : List.of(
                List.of(silent, ok),
                List.of(ok, silent),
                List.of(silent, silent),
                List.of(ActionResult.refused("53300", "full"), ok))) {
            assertThat(PrimaryReachability.received("b1", lost, pair.get(0), pair.get(1)))
                    .hasValueSatisfying(s ->
                            assertThat(s).startsWith("b1 followed a1, and did not report whether it still does: "));
        }
    }
}
