package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.Measurement;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an observation of a MongoDB cluster measures for monitoring, and what it leaves out. */
@Tag("unit")
class MongoMeasurementsTest {

    private final FakeEstate estate = new FakeEstate();
    private final MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");

    @BeforeEach
    void applied() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
    }

    private Map<String, Double> measured() {
        MongoEngine engine = new MongoEngine();
        return engine
                .widen(estate.world, engine.look(estate.world, Wanted.estate(cluster), cluster))
                .measurements()
                .stream()
                .collect(Collectors.toMap(
                        MongoMeasurementsTest::key, Measurement::value, (a, b) -> a, LinkedHashMap::new));
    }

    private static String key(Measurement m) {
        return m.measure() + " "
                + m.node()
                        .map(n -> n.name())
                        .or(() -> m.host().map(h -> "host " + h.name()))
                        .orElse("set");
    }

    private String endpoint(int member) {
        return cluster.allSets().get(0).nodes().get(member).endpoint();
    }

    @Test
    void a_healthy_set_has_a_primary_a_term_and_members_without_lag() {
        assertThat(measured())
                .containsEntry("HAS_PRIMARY set", 1.0)
                .containsEntry("PRIMARIES set", 1.0)
                .containsEntry("WRITABLE set", 1.0)
                .containsEntry("TERM set", 1.0)
                .containsEntry("LAG_SECONDS b1", 0.0)
                .containsEntry("OPLOG_WINDOW a1", 3600.0)
                .containsEntry("OPLOG_WINDOW c1", 3600.0)
                .containsEntry("FENCED a1", 0.0)
                .containsEntry("HOST_REACHABLE host c1", 1.0);
    }

    @Test
    void a_member_that_is_down_has_no_lag_and_no_oplog() {
        estate.mongo.kill(endpoint(2));
        assertThat(measured())
                .containsEntry("HAS_PRIMARY set", 1.0)
                .containsEntry("WRITABLE set", 1.0)
                .doesNotContainKeys("LAG_SECONDS c1", "OPLOG_WINDOW c1");
    }

    @Test
    void a_primary_that_reaches_no_majority_is_not_writable() {
        estate.mongo.kill(endpoint(1));
        estate.mongo.kill(endpoint(2));
        assertThat(measured()).containsEntry("HAS_PRIMARY set", 1.0).containsEntry("WRITABLE set", 0.0);
    }

    @Test
    void without_a_primary_nothing_is_known_of_writes_and_lag() {
        for (int member = 0; member < 3; member++) {
            estate.mongo.kill(endpoint(member));
        }
        assertThat(measured())
                .containsEntry("HAS_PRIMARY set", 0.0)
                .containsEntry("PRIMARIES set", 0.0)
                .doesNotContainKeys("WRITABLE set", "LAG_SECONDS a1", "TERM set");
    }

    @Test
    void a_host_without_an_answer_is_unreachable() {
        estate.mongo.silentHosts.add("c1");
        assertThat(measured())
                .containsEntry("HOST_REACHABLE host c1", 0.0)
                .containsEntry("HOST_REACHABLE host a1", 1.0)
                .doesNotContainKey("FENCED c1");
    }
}
