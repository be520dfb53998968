package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.RunbookOutcome;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that the file leaves out and that a set or a cluster needs. */
@Tag("unit")
class InUseTest {

    private final FakeEstate estate = new FakeEstate();
    private final FakeMongo mongo = estate.mongo;
    private final MongoCluster cluster = Wanted.sharded();

    private void isRefusedUntouched(MongoCluster changed, String what) {
        estate.world.forget();
        RunbookOutcome outcome = estate.apply(changed);
        assertThat(outcome.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.refusals()).anyMatch(r -> (r.where() + ": " + r.what()).contains(what));
        assertThat(estate.world.changes()).isEmpty();
    }

    private List<String> problems(MongoCluster changed) {
        return ClusterProbe.at(estate.world, Wanted.estate(changed), changed).problems();
    }

    @Test
    void a_shard_that_is_still_listed_is_not_stopped_when_the_file_leaves_it_out() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        MongoCluster without = Wanted.withoutShard(cluster, "shard-b");
        isRefusedUntouched(without, "social/shard-b: the cluster has a shard shard-b in config.shards");
        assertThat(problems(without)).anyMatch(c -> c.contains("a stop would make its data unavailable"));
        assertThat(mongo.at("a2:27020").up).isTrue();
    }

    @Test
    void a_shard_under_another_name_is_the_same_as_one_that_is_left_out() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        MongoCluster renamed = Wanted.renamedShard(cluster, "shard-b", "shard-z");
        isRefusedUntouched(renamed, "config.shards");
    }

    @Test
    void a_shard_that_was_removed_from_the_cluster_is_stopped_and_its_data_stays() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        mongo.shards.removeIf(s -> s.get("_id").equals("shard-b"));
        assertThat(estate.titles(Wanted.withoutShard(cluster, "shard-b")))
                .containsExactly("Stop social/shard-b/a2", "Stop social/shard-b/b2", "Stop social/shard-b/c1");
    }

    @Test
    void nothing_is_stopped_while_the_config_servers_cannot_be_asked() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        List.of("a1:27019", "b1:27019", "c1:27019").forEach(e -> mongo.at(e).frozen = true);
        MongoCluster without = Wanted.withoutShard(cluster, "shard-b");
        assertThat(estate.titles(without)).noneMatch(t -> t.startsWith("Stop "));
        assertThat(estate.plan(without).stream().flatMap(p -> p.plan().missing().stream()))
                .anyMatch(m -> m.what().contains("cannot know whether the server is in use"));
    }

    @Test
    void a_set_under_another_name_is_not_made_empty_next_to_the_one_with_data() {
        assertThat(estate.apply(Wanted.replicaSet("a1", "b1", "c1")).isDone()).isTrue();
        MongoCluster renamed = Wanted.named("rs2", "d1", "e1");
        isRefusedUntouched(renamed, "the set would be created empty");
        List.of("a1:27017", "b1:27017", "c1:27017").forEach(mongo::kill);
        isRefusedUntouched(renamed, "the set would be created empty");
    }

    @Test
    void a_set_all_of_whose_members_are_replaced_at_once_is_not_made_empty() {
        assertThat(estate.apply(Wanted.replicaSet("a1", "b1")).isDone()).isTrue();
        isRefusedUntouched(Wanted.replicaSet("d1", "e1"), "the set would be created empty");
        assertThat(mongo.initiated).isEqualTo(1);
    }

    @Test
    void config_servers_that_are_all_replaced_at_once_are_not_made_empty() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        isRefusedUntouched(Wanted.withConfigServers(cluster, "d1", "e1"), "the set would be created empty");
    }

    @Test
    void a_router_that_is_left_out_is_stopped() {
        assertThat(estate.apply(cluster).isDone()).isTrue();
        assertThat(estate.titles(Wanted.withoutRouter(cluster, "b1"))).containsExactly("Stop social/routers/b1");
    }
}
