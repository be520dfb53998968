package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measurement;
import dev.holdfast.postgres.probe.ClusterMeasurements;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.topology.BackupRepository;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an observation of a PostgreSQL cluster measures for monitoring, and what it leaves out. */
@Tag("unit")
class PostgresMeasurementsTest {

    private final Bank bank = Bank.applied(new Trio());

    private Map<String, Double> measured() {
        return measured(bank.look());
    }

    private static Map<String, Double> measured(PostgresState state) {
        return ClusterMeasurements.of(state).stream()
                .collect(Collectors.toMap(
                        PostgresMeasurementsTest::key, Measurement::value, (a, b) -> a, LinkedHashMap::new));
    }

    private static String key(Measurement m) {
        String subject = m.node()
                .map(n -> n.group() + "/" + n.name())
                .or(() -> m.host().map(h -> "host " + h.name()))
                .orElse(m.group());
        return m.measure() + " " + subject + (m.slot().isEmpty() ? "" : " " + m.slot());
    }

    @Test
    void a_healthy_trio_has_a_primary_that_acknowledges_and_standbys_that_stream() {
        assertThat(measured())
                .containsEntry("HAS_PRIMARY servers", 1.0)
                .containsEntry("PRIMARIES servers", 1.0)
                .containsEntry("WRITABLE servers", 1.0)
                .containsEntry("SYNC_STANDBYS servers", 1.0)
                .containsEntry("SYNC_STANDBYS_DECLARED servers", 1.0)
                .containsEntry("TIMELINE servers/a1", 1.0)
                .containsEntry("FENCED servers/b1", 0.0)
                .containsEntry("STREAMING servers/b1", 1.0)
                .containsEntry("LAG_BYTES servers/d1", 0.0)
                .containsEntry("SLOT_ACTIVE servers/a1 b1", 1.0)
                .containsEntry("SLOT_RETAINED servers/a1 b1", 1024.0)
                .containsEntry("PROXY_ROUTE proxies/a1", 1.0)
                .containsEntry("HOST_REACHABLE host a1", 1.0);
    }

    @Test
    void the_primary_itself_has_no_lag_and_does_not_stream() {
        assertThat(measured()).doesNotContainKeys("LAG_BYTES servers/a1", "STREAMING servers/a1");
    }

    @Test
    void lag_is_that_of_the_member() {
        bank.at("d1").lag = 4096;
        assertThat(measured()).containsEntry("LAG_BYTES servers/d1", 4096.0).containsEntry("LAG_BYTES servers/b1", 0.0);
    }

    @Test
    void without_a_primary_nothing_is_known_of_lag_slots_standbys_and_routes() {
        bank.at("a1").up = false;
        assertThat(measured())
                .containsEntry("HAS_PRIMARY servers", 0.0)
                .containsEntry("PRIMARIES servers", 0.0)
                .containsEntry("TIMELINE servers/b1", 1.0)
                .doesNotContainKeys("WRITABLE servers", "SYNC_STANDBYS servers", "TIMELINE servers/a1")
                .allSatisfy((key, value) -> assertThat(key)
                        .doesNotStartWith("LAG")
                        .doesNotStartWith("SLOT")
                        .doesNotStartWith("PROXY"));
    }

    @Test
    void writes_wait_while_the_only_synchronous_standby_is_down() {
        bank.at("b1").up = false;
        assertThat(measured())
                .containsEntry("WRITABLE servers", 0.0)
                .containsEntry("SYNC_STANDBYS servers", 0.0)
                .doesNotContainKey("STREAMING servers/b1");
    }

    @Test
    void a_host_without_an_answer_is_unreachable_and_its_server_has_no_fence() {
        bank.world.unanswered("d1", "host/look.sh");
        assertThat(measured())
                .containsEntry("HOST_REACHABLE host d1", 0.0)
                .containsEntry("HOST_REACHABLE host b1", 1.0)
                .doesNotContainKey("FENCED servers/d1");
    }

    @Test
    void an_archive_is_measured_only_where_one_is_declared() {
        Map<String, String> archiver = Map.of("failing", "true", "failed_count", "7", "ready", "3", "waited", "90");
        assertThat(measured(with(bank.look(), archiver)))
                .allSatisfy((key, value) -> assertThat(key).doesNotStartWith("ARCHIVE"));

        Trio declared = new Trio();
        declared.repository = Optional.of(repository());
        PostgresState bare = bank.look();
        PostgresState state = new PostgresState(
                bare.at(),
                declared.cluster(),
                bare.members(),
                bare.proxies(),
                bare.again(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of());
        assertThat(measured(with(state, archiver)))
                .containsEntry("ARCHIVE_FAILING servers", 1.0)
                .containsEntry("ARCHIVE_FAILURES servers", 7.0)
                .containsEntry("ARCHIVE_WAITING servers", 3.0)
                .containsEntry("ARCHIVE_LAG servers", 90.0);
        assertThat(measured(state))
                .as("the archiver was not reported")
                .allSatisfy((key, value) -> assertThat(key).doesNotStartWith("ARCHIVE"));
    }

    @Test
    void every_measure_has_a_name_that_ends_with_its_unit() {
        for (Measure measure : Measure.values()) {
            assertThat(measure.metric()).matches("holdfast_[a-z]+(_[a-z]+)*");
            switch (measure.unit()) {
                case BYTES -> assertThat(measure.metric()).endsWith("_bytes");
                case SECONDS -> assertThat(measure.metric()).endsWith("_seconds");
                case NONE ->
                    assertThat(measure.metric()).doesNotEndWith("_seconds").doesNotEndWith("_bytes");
            }
        }
    }

    private static PostgresState with(PostgresState state, Map<String, String> archiver) {
        List<MemberState> members = state.members().stream()
                .map(m -> m.isPrimary() ? with(m, archiver) : m)
                .toList();
        return new PostgresState(
                state.at(),
                state.cluster(),
                members,
                state.proxies(),
                state.again(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of());
    }

    private static MemberState with(MemberState member, Map<String, String> archiver) {
        Map<String, Map<String, Map<String, String>>> facts =
                new LinkedHashMap<>(member.server().facts());
        facts.put("archiver", Map.of("", archiver));
        return new MemberState(
                member.member(),
                member.hostFacts(),
                member.host(),
                member.disk(),
                member.answer(),
                new ServerState(facts));
    }

    private static BackupRepository repository() {
        return new BackupRepository(
                "/backup",
                Optional.of(Duration.ofDays(7)),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMinutes(1),
                Optional.empty(),
                Optional.empty());
    }
}
