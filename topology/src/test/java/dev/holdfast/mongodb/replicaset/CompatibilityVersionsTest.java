package dev.holdfast.mongodb.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.mongodb.FakeEstate;
import dev.holdfast.mongodb.MongoEngine;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the plan says of feature compatibility versions that differ. */
@Tag("unit")
class CompatibilityVersionsTest {

    private final FakeEstate estate = new FakeEstate();
    private final MongoCluster cluster = Wanted.sharded();

    private List<String> open() {
        return new MongoEngine()
                .provision(Wanted.estate(cluster), cluster).plan(estate.world).stream()
                        .flatMap(p -> p.plan().open().stream())
                        .map(o -> o.where() + ": " + o.what() + " -> " + o.hint())
                        .toList();
    }

    private void shardHas(Map<String, Object> version) {
        estate.mongo.at("a1:27018").set.compatibility = version;
    }

    @Test
    void versions_that_agree_are_no_difference() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        assertThat(open()).isEmpty();
    }

    @Test
    void a_shard_with_another_version_is_named_with_the_command_that_ends_it() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        shardHas(Map.of("version", "8.0"));
        assertThat(open())
                .singleElement()
                .satisfies(
                        o -> assertThat(o)
                                .startsWith("social: the feature compatibility versions differ: {")
                                .contains("shard-a=8.0")
                                .contains(
                                        "run on the primary of shard-a: db.adminCommand({ setFeatureCompatibilityVersion: \"8.2\""));
    }

    @Test
    void config_servers_that_are_behind_follow_the_command_on_a_router() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        estate.mongo.at("a1:27019").set.compatibility = Map.of("version", "8.0");
        assertThat(open())
                .anyMatch(o -> o.contains("config=8.0")
                        && o.contains("run on a router: db.adminCommand({ setFeatureCompatibilityVersion: \"8.2\""));
    }

    @Test
    void a_change_between_two_versions_is_named() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        shardHas(Map.of("version", "8.0", "targetVersion", "8.2"));
        assertThat(open())
                .anyMatch(o -> o.startsWith("social/shard-a: the change of the feature compatibility version to 8.2"
                        + " has not ended -> run on the primary of shard-a: "));
    }

    @Test
    void a_change_of_the_whole_cluster_is_continued_on_a_router() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        shardHas(Map.of("version", "8.0", "targetVersion", "8.2"));
        estate.mongo.at("a1:27019").set.compatibility = Map.of("version", "8.0", "targetVersion", "8.2");
        assertThat(open())
                .filteredOn(o -> o.contains("has not ended"))
                .hasSize(2)
                .allMatch(o -> o.contains(" -> run on a router: "));
    }

    @Test
    void a_version_that_could_not_be_read_is_not_an_equal_one() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        shardHas(Map.of());
        assertThat(open())
                .anyMatch(o -> o.startsWith(
                        "social/shard-a: the feature compatibility version of the primary could not " + "be read"));
    }
}
