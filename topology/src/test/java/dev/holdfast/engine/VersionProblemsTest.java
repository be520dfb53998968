package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
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
}
