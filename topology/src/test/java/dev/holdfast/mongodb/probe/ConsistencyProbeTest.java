package dev.holdfast.mongodb.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.mongodb.FakeEstate;
import dev.holdfast.mongodb.FakeMongo;
import dev.holdfast.mongodb.MongoEngine;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What status says of a sharded cluster whose shards do not agree. */
@Tag("unit")
class ConsistencyProbeTest {

    private final FakeEstate estate = new FakeEstate();
    private final FakeMongo mongo = estate.mongo;
    private final MongoCluster cluster = Wanted.sharded();

    private List<String> complaints() {
        MongoEngine engine = new MongoEngine();
        return engine.widen(estate.world, engine.look(estate.world, Wanted.estate(cluster), cluster))
                .complaints();
    }

    @Test
    void a_cluster_that_agrees_is_healthy() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        assertThat(complaints()).isEmpty();
    }

    @Test
    void metadata_that_does_not_agree_is_named_by_its_kind() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        for (int i = 0; i < 5; i++) {
            mongo.inconsistencies.add(Map.of("type", "MisplacedCollection", "description", "unsharded, wrong shard"));
        }
        assertThat(complaints())
                .contains("social: inconsistent metadata, MisplacedCollection: unsharded, wrong shard")
                .contains(
                        "social: at least 2 more cases of inconsistent metadata; checkMetadataConsistency lists them");
    }

    @Test
    void feature_compatibility_versions_that_differ_or_are_between_two_are_named() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        mongo.at("a1:27018").set.compatibility = Map.of("version", "8.0", "targetVersion", "8.2");
        assertThat(complaints())
                .contains("social/shard-a: the change of its feature compatibility version to 8.2 has not ended; run"
                        + " setFeatureCompatibilityVersion again")
                .anyMatch(c -> c.startsWith("social: the feature compatibility versions differ: {")
                        && c.contains("shard-a=8.0"));
        mongo.at("a1:27018").set.compatibility = Map.of();
        assertThat(complaints()).contains("social/shard-a: its feature compatibility version could not be read");
    }
}
