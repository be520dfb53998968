package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ledger.RecoveryPhases.Phase;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class PredictionComparisonTest {

    private static PredictionComparison of(long least, long most, OptionalLong measured) {
        List<Phase> phases = List.of(new Phase("detect", 0, 1_000_000_000L), new Phase("promote", 1, 9_000_000_000L));
        return PredictionComparison.of(least, most, measured, phases);
    }

    @ParameterizedTest(name = "{0} to {1} ms, measured {2} ms: {3}")
    @CsvSource({
        "2000, 5000, 2000, WITHIN",
        "2000, 5000, 5000, WITHIN",
        "2000, 5000, 5001, OUTSIDE",
        "2000, 5000, 10000, OUTSIDE",
        "2000, 5000, 10001, MISSED",
        "2000, 5000, 1999, OUTSIDE",
        "10000, 50000, 5000, OUTSIDE",
        "10000, 50000, 4999, MISSED",
        "0, 0, 2000, OUTSIDE",
        "0, 0, 2001, MISSED",
        "10, 100, 1500, OUTSIDE",
        "2000, 5000, 500, OUTSIDE"
    })
    void a_miss_is_more_than_a_factor_of_two_and_a_pause_that_clients_notice(
            long least, long most, long measured, PredictionComparison.Agreement expected) {
        assertThat(of(least, most, OptionalLong.of(measured * 1_000_000)).agreement())
                .isEqualTo(expected);
    }

    @Test
    void the_sentence_has_both_values_and_the_longest_phase_of_a_difference() {
        assertThat(of(2000, 5000, OptionalLong.of(3_000_000_000L)).sentence())
                .isEqualTo("The recovery took 3.0 s, within the predicted 2.0 to 5.0 s.");
        assertThat(of(2000, 5000, OptionalLong.of(6_000_000_000L)).sentence())
                .isEqualTo("The recovery took 6.0 s, longer than the predicted 2.0 to 5.0 s."
                        + " The longest phase is \"promote\" with 9.0 s.");
        assertThat(of(2000, 5000, OptionalLong.of(20_000_000_000L)).sentence())
                .startsWith("The recovery took 20.0 s, more than twice the predicted 2.0 to 5.0 s.");
        assertThat(of(10_000, 50_000, OptionalLong.of(1_000_000_000L)).sentence())
                .startsWith("The recovery took 1.0 s, less than half of the predicted 10.0 to 50.0 s.");
    }

    @Test
    void an_unknown_time_is_no_agreement_and_no_prediction_is_no_comparison() {
        assertThat(of(2000, 5000, OptionalLong.empty()).agreement()).isEqualTo(PredictionComparison.Agreement.UNKNOWN);
        assertThat(of(2000, 5000, OptionalLong.empty()).sentence())
                .isEqualTo("The recovery time is unknown, and cannot be compared with the predicted 2.0 to 5.0 s.");
    }
}
