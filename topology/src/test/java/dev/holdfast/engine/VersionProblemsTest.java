package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class VersionProblemsTest {

    private static final Instant AT = Instant.parse("2026-11-29T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "mongodb, 8.2.0, CVE-2025-14847",
                "mongodb, 8.2.2, CVE-2025-14847",
                "mongodb, 8.2.3, -",
                "mongodb, 8.0.16, CVE-2025-14847",
                "mongodb, 8.0.17, -",
                "mongodb, 7.0.9, CVE-2025-14847",
                "mongodb, 6.0.27, no security fixes since 2025-07-31",
                "mongodb, 9.0.0, -",
                "postgresql, 13.20, no security fixes since 2025-11-13",
                "postgresql, 14.20, no security fixes since 2026-11-12",
                "postgresql, 15.14 (Debian 15.14-0+deb12u1), -",
                "postgresql, 19beta1, -",
                "postgresql, '', -"
            })
    void a_version_that_is_known_to_be_unsafe_is_named_with_the_way_out(String engine, String version, String what) {
        if (what == null) {
            assertThat(BuiltIns.engine(engine).versions().advice(version, AT)).isEmpty();
        } else {
            assertThat(BuiltIns.engine(engine).versions().advice(version, AT)).anyMatch(a -> a.contains(what));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mongodb, 7.0, true, true, false",
        "mongodb, 7.0.9, true, true, false",
        "mongodb, 7, true, true, false",
        "mongodb, 7.3, false, false, false",
        "mongodb, 6.0, false, true, true",
        "mongodb, 8, true, true, false",
        "mongodb, 8.2.1, true, true, false",
        "mongodb, 8.9, true, false, false",
        "postgresql, 13, false, true, true",
        "postgresql, 14.3, true, true, true",
        "postgresql, 15, true, true, false",
        "postgresql, 19, false, false, false",
        "postgresql, 1, false, false, false"
    })
    void a_declared_version_is_supported_known_and_within_its_support(
            String engine, String version, boolean isSupported, boolean isKnown, boolean isOver) {
        VersionProblems versions = BuiltIns.engine(engine).versions();
        assertThat(versions.supports(version)).isEqualTo(isSupported);
        assertThat(versions.unknown(version).isEmpty()).isEqualTo(isKnown);
        assertThat(versions.ended(version, LocalDate.parse("2026-11-29")).isPresent())
                .isEqualTo(isOver);
    }

    @Test
    void the_last_day_of_support_still_counts() {
        VersionProblems versions = BuiltIns.engine("postgresql").versions();
        assertThat(versions.ended("14", LocalDate.parse("2026-11-12"))).isEmpty();
        assertThat(versions.ended("14", LocalDate.parse("2026-11-13")))
                .contains("PostgreSQL 14 has had no security fixes since 2026-11-12");
    }
}
