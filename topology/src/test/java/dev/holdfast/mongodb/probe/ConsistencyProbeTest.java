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

    private List<String> problems() {
        MongoEngine engine = new MongoEngine();
        return engine.widen(estate.world, engine.look(estate.world, Wanted.estate(cluster), cluster))
                .problems();
    }

    @Test
    void a_cluster_that_agrees_is_healthy() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        assertThat(problems()).isEmpty();
    }

    @Test
    void metadata_that_does_not_agree_is_named_by_its_kind() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        for (int i = 0; i < 5; i++) {
            mongo.inconsistencies.add(Map.of("type", "MisplacedCollection", "description", "unsharded, wrong shard"));
        }
        assertThat(problems())
                .contains("social: inconsistent metadata, MisplacedCollection: unsharded, wrong shard")
                .contains(
                        "social: at least 2 more cases of inconsistent metadata; checkMetadataConsistency lists them");
    }
}
