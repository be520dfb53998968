package dev.holdfast.mongodb.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.FakeEstate;
import dev.holdfast.mongodb.FakeMongo;
import dev.holdfast.mongodb.FakeSet;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class PreconditionsTest {

    private final FakeEstate estate = new FakeEstate();
    private final MongoCluster cluster = Wanted.sharded();

    private static Arguments row(String what, Consumer<FakeMongo> wrong, String refusal) {
        return Arguments.of(what, wrong, refusal);
    }

    static Stream<Arguments> wrongs_on_empty_hosts() {
        return Stream.of(
                row(
                        "a directory that is not ours",
                        m -> m.foreign.put("/h/a1/social/config", "x"),
                        "social/config/a1: the directory /h/a1/social/config contains files of another owner"),
                row(
                        "a port in use",
                        m -> m.taken.add("b1:27018"),
                        "social/shard-a/b1: port 27018 of b1 is used by another process, and the server's own process is not found"),
                row(
                        "a silent host",
                        m -> m.silentHosts.add("c1"),
                        "social/config/c1: the host c1 does not report whether the server runs: no answer: host is silent"),
                row("no server program", m -> m.installed = false, "social/config/a1: mongod is not found on host a1"),
                row(
                        "an old version",
                        m -> m.version = "6.0.14",
                        "social/config/a1: the program has version 6.0.14; Holdfast supports 7.0 and 8.x"));
    }

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource
    void wrongs_on_empty_hosts(String what, Consumer<FakeMongo> wrong, String refusal) {
        wrong.accept(estate.mongo);
        assertThat(estate.refusals(cluster)).contains(refusal);
        ExitCode expected = what.equals("a silent host") ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
        assertThat(estate.apply(cluster).exit()).isEqualTo(expected);
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void programs_that_do_not_report_their_version_in_time_speak_against_nothing() {
        estate.mongo.version = "";
        assertThat(estate.refusals(cluster)).isEmpty();
        assertThat(estate.titles(cluster)).isNotEmpty();
    }

    static Stream<Arguments> wrongs_in_a_running_cluster() {
        return Stream.of(
                row(
                        "a key file that others may read",
                        m -> m.at("a1:27018").mode = "644",
                        "social/shard-a/a1: the key file /h/a1/social/shard-a/keyfile has mode 644, desired 600"),
                row(
                        "a member of another set",
                        m -> m.at("c1:27020").set = anotherSet("c1"),
                        "social/shard-b/c1: the server is a member of set 'other', desired 'shard-b'"),
                row(
                        "an unlisted shard with databases",
                        m -> {
                            m.shards.remove(1);
                            m.at("a2:27020").set.databases = List.of("admin", "config", "local", "shop");
                        },
                        "social/shard-b: the set is declared as a new shard and contains databases: shop"),
                row(
                        "a shard of another cluster",
                        m -> {
                            m.shards.remove(1);
                            m.at("a2:27020").set.identity = Map.of("clusterId", Map.of("$oid", "c2"));
                        },
                        "social/shard-b: the set is a shard of another cluster, c2; this cluster is c1"),
                row(
                        "a listed shard of that name elsewhere",
                        m -> m.shards.set(1, Map.of("_id", "shard-b", "host", "shard-b/x1:27018")),
                        "social/shard-b: the cluster has a shard of that name on shard-b/x1:27018"));
    }

    private static FakeSet anotherSet(String host) {
        MongoDocument config =
                new MongoDocument(ReplicaSetConfig.of(Wanted.set("other", MongoCluster.Role.SHARD, 27020, host))
                        .over(MongoDocument.EMPTY, 1));
        return new FakeSet(config, java.time.Instant.EPOCH);
    }

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource
    void wrongs_in_a_running_cluster(String what, Consumer<FakeMongo> wrong, String refusal) {
        assertThat(estate.apply(cluster).exit()).isEqualTo(ExitCode.DONE);
        wrong.accept(estate.mongo);
        estate.world.forget();
        assertThat(estate.refusals(cluster)).contains(refusal);
        assertThat(estate.apply(cluster).exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(estate.world.changes()).isEmpty();
    }

    @Test
    void another_clusters_server_at_our_address_is_refused_because_it_lets_us_in_by_nothing() {
        MongoCluster other = Wanted.replicaSet("a1", "b1", "c1");
        assertThat(estate.apply(other).exit()).isEqualTo(ExitCode.DONE);
        MongoCluster renamed = new MongoCluster(
                "other",
                other.objectives(),
                other.configServers(),
                other.sets(),
                other.routers(),
                other.defaults(),
                other.writeConcerns(),
                other.balancer(),
                other.settings(),
                other.users(),
                "",
                other.options());
        assertThat(estate.refusals(renamed))
                .contains("social/rs/a1: the key file /h/a1/social/rs/keyfile is not the one of this cluster")
                .anyMatch(r -> r.contains("both logins fail, as administrator and with the key file"));
    }

    @Test
    void an_arbiter_cannot_become_a_member_with_data() {
        MongoCluster with = Wanted.with(Wanted.replicaSet("a1", "b1", "c1"), 2, Wanted::arbiter);
        assertThat(estate.apply(with).exit()).isEqualTo(ExitCode.DONE);
        assertThat(estate.titles(with)).isEmpty();
        assertThat(estate.refusals(Wanted.replicaSet("a1", "b1", "c1")))
                .containsExactly("social/rs/c1: the member is an arbiter and declared as a member with data");
    }

    @Test
    void a_set_that_some_members_were_removed_from_and_no_member_knows_is_not_initiated() {
        MongoCluster set = Wanted.replicaSet("a1", "b1", "c1");
        assertThat(estate.apply(set).exit()).isEqualTo(ExitCode.DONE);
        FakeSet alone = estate.mongo.at("a1:27017").set;
        alone.config = new MongoDocument(
                ReplicaSetConfig.of(Wanted.replicaSet("x1").sets().get(0)).over(MongoDocument.EMPTY, 9));
        assertThat(estate.refusals(set))
                .containsExactly(
                        "social/rs: some members belonged to a replica set before, and no member has a set configuration now");
    }
}
