package dev.holdfast.mongodb.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What 8.2 accepts is also asserted against a real server, by {@code RealUpgradeTest}. */
@Tag("unit")
class CompatibilityMatrixTest {

    @ParameterizedTest(name = "{0} accepts {1}")
    @CsvSource({
        "7.0.14, 6.0 6.3 7.0",
        "8.0.4, 7.0 7.3 8.0",
        "8.1.0, 8.0 8.1",
        "8.2.0, 8.0 8.1 8.2",
        "8.3.1, 8.0 8.2 8.3",
        "8.2.0-rc1, 8.0 8.1 8.2"
    })
    void a_program_accepts_its_own_release_the_one_before_and_the_last_major_one(String version, String accepted) {
        assertThat(CompatibilityMatrix.accepted(version)).containsExactly(accepted.split(" "));
    }

    @Test
    void a_release_cannot_be_left_out() {
        assertThat(CompatibilityMatrix.accepts("8.2.0", "7.0")).isFalse();
        assertThat(CompatibilityMatrix.accepts("8.0.4", "8.2")).isFalse();
        assertThat(CompatibilityMatrix.accepts("8.0.4", "7.0")).isTrue();
        assertThat(CompatibilityMatrix.accepts("8.2.0", "8.0")).isTrue();
    }

    @Test
    void an_unknown_version_is_not_judged() {
        assertThat(CompatibilityMatrix.accepts("", "8.0")).isTrue();
        assertThat(CompatibilityMatrix.accepts("8.2.0", "")).isTrue();
        assertThat(CompatibilityMatrix.series("unknown")).isEmpty();
    }

    @Test
    void releases_are_compared_by_number() {
        assertThat(CompatibilityMatrix.isOlder("8.2.0", "8.10.0")).isTrue();
        assertThat(CompatibilityMatrix.isOlder("8.2.9", "8.2.0")).isFalse();
        assertThat(CompatibilityMatrix.isOlder("8.2.0", "8.0")).isFalse();
        assertThat(CompatibilityMatrix.isOlder("", "8.0")).isFalse();
    }
}
