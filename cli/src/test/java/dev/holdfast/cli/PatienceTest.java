package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PatienceTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration OFTEN = Duration.ofMillis(5);

    @Test
    void a_state_is_observed_in_the_thread_of_the_test_until_it_holds() {
        Thread test = Thread.currentThread();
        int[] looks = new int[1];
        Patience.until("three looks", () -> Thread.currentThread() == test && ++looks[0] == 3);
        assertThat(looks[0]).isEqualTo(3);
    }

    @Test
    void a_state_that_does_not_come_is_described_as_it_was_last_observed() {
        int[] looks = new int[1];
        assertThatThrownBy(() -> Patience.until(() -> "four; last was " + looks[0], SHORT, OFTEN, () -> {
                    looks[0] = 3;
                    return false;
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("four; last was 3");
    }

    @Test
    void what_an_observation_throws_ends_the_wait_as_it_is() {
        assertThatThrownBy(() -> Patience.until("never", () -> {
                    throw new IOException("gone");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
        assertThatThrownBy(() -> Patience.until("never", () -> {
                    throw new AssertionError("wrong");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("wrong");
    }
}
