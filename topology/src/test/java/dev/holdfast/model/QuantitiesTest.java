package dev.holdfast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({"0s,0", "250ms,250", "30s,30000", "5m,300000", "1h,3600000", "1d,86400000", "1m30s,90000"})
    void a_duration_has_a_unit(String text, long millis) {
        assertThat(Quantities.span(text)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5m", "5 m", "5min", "m", "1.5h", "9999999999999d", "4000d", "٣s"})
    void anything_else_is_no_duration(String text) {
        assertThat(Quantities.span(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1MB,1", "512MB,512", "2GB,2048", "1TB,1048576"})
    void a_size_has_a_unit(String text, int megabytes) {
        assertThat(Quantities.megabytes(text)).contains(megabytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2048", "2gb", "0MB", "9999999TB", "MB"})
    void anything_else_is_no_size(String text) {
        assertThat(Quantities.megabytes(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "NaN", "1e", "1f", "0x1p3", ".", "1 "})
    void what_only_looks_like_a_number_is_none(String text) {
        assertThat(Quantities.decimal(text)).isEmpty();
    }

    @Test
    void a_duration_is_shown_as_it_would_be_written() {
        assertThat(Quantities.shown(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Quantities.shown(Duration.ofMinutes(5))).isEqualTo("5m");
        assertThat(Quantities.shown(Duration.ofHours(48))).isEqualTo("2d");
        assertThat(Quantities.shown(Duration.ZERO)).isEqualTo("0s");
        assertThat(Quantities.shown(Duration.ofMillis(1500))).isEqualTo("1500ms");
    }
}
