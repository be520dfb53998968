package dev.holdfast.cli.files;

import static dev.holdfast.cli.files.Written.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.BackupPolicy;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to write a MongoDB cluster. */
@Tag("unit")
class MongoFormTest {

    private static MongoCluster mongo(String text) {
        return (MongoCluster) clusters(text).cluster("social");
    }

    @Test
    void a_replica_set_is_called_like_its_cluster_unless_named() {
        assertThat(mongo("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ] }")
                        .sets()
                        .get(0)
                        .name())
                .isEqualTo("social");
        MongoSet named = mongo("social: { engine: mongodb, replicaSet: { name: rs0, members: [ a1, b1, c1 ] } }")
                .sets()
                .get(0);
        assertThat(named.name()).isEqualTo("rs0");
        assertThat(named.role()).isEqualTo(Role.REPLICA_SET);
        assertThat(named.nodes().get(0).id()).isEqualTo("social/rs0/a1");
    }

    @Test
    void a_set_has_its_own_times_or_the_clusters() {
        MongoCluster cluster = mongo("""
                social:
                  engine: mongodb
                  electionTimeout: 5s
                  oplogSize: 2GB
                  configServers: [ a1, b1, c1 ]
                  shards:
                    shard-a: { members: [ a1, b1, c1 ], electionTimeout: 3s, heartbeat: 500ms, oplogSize: 512MB }
                    shard-b: [ a1, b1, c1 ]
                  routers: [ a1, b1 ]
                """);
        MongoSet own = cluster.sets().get(0);
        MongoSet other = cluster.sets().get(1);
        assertThat(own.electionTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(own.heartbeat()).isEqualTo(Duration.ofMillis(500));
        assertThat(own.oplogMegabytes()).isEqualTo(512);
        assertThat(other.electionTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(other.heartbeat()).isEqualTo(Duration.ofSeconds(2));
        assertThat(other.oplogMegabytes()).isEqualTo(2048);
    }

    @Test
    void a_member_is_written_in_full() {
        Member member = mongo("""
                        social:
                          engine: mongodb
                          replicaSet:
                            - a1
                            - b1
                            - { host: c1, port: 27999, directory: /data/c1/, hidden: true, delay: 1h, votes: 0, tags: { use: "any thing; at $(all)" } }
                        """).sets().get(0).members().get(2);
        assertThat(member.node().port()).isEqualTo(27999);
        assertThat(member.node().directory()).isEqualTo("/data/c1");
        assertThat(member.hidden()).isTrue();
        assertThat(member.delay()).isEqualTo(Duration.ofHours(1));
        assertThat(member.votes()).isZero();
        assertThat(member.tags()).isEqualTo(Map.of("use", "any thing; at $(all)"));
    }

    @ParameterizedTest
    @CsvSource({"hidden: true", "delay: 1h", "arbiter: true", "votes: 0"})
    void a_member_that_may_not_become_primary_has_priority_0_by_itself(String because) {
        MongoCluster cluster = mongo("social: { engine: mongodb, replicaSet: [ a1, b1, { host: c1, " + because
                + " }, { host: a1, votes: 0 } ] }");
        assertThat(cluster.sets().get(0).members()).extracting(Member::priority).containsExactly(1.0, 1.0, 0.0, 0.0);
    }

    @Test
    void settings_may_be_nested_or_dotted_and_keep_their_kinds() {
        Map<String, Object> settings = mongo("""
                        social:
                          engine: mongodb
                          replicaSet: [ a1, b1, c1 ]
                          settings:
                            storage: { wiredTiger: { engineConfig: { cacheSizeGB: 0.25 } } }
                            setParameter.ttlMonitorSleepSecs: 30
                            setParameter: { notablescan: false, logLevel: "0", big: 1099511627776, padded: 0770 }
                        """).settings();
        assertThat(settings)
                .containsEntry("storage.wiredTiger.engineConfig.cacheSizeGB", 0.25)
                .containsEntry("setParameter.ttlMonitorSleepSecs", 30L)
                .containsEntry("setParameter.notablescan", false)
                .containsEntry("setParameter.logLevel", "0")
                .containsEntry("setParameter.big", 1099511627776L)
                .containsEntry("setParameter.padded", "0770");
    }

    @Test
    void a_setting_given_twice_is_reported() {
        assertThat(clusters(
                                "social: { engine: mongodb, replicaSet: [ a1, b1, c1 ], settings: { a.b: 1, a: { b: 2 } } }")
                        .problems())
                .containsExactly("9:86 the setting \"a.b\" is declared twice");
    }

    @Test
    void roles_without_a_database_are_of_admin() {
        assertThat(mongo(
                                "social: { engine: mongodb, replicaSet: [ a1, b1, c1 ], users: { app: { roles: [ clusterMonitor, readWrite@shop ] } } }")
                        .users()
                        .get(0)
                        .roles())
                .isEqualTo(List.of("clusterMonitor@admin", "readWrite@shop"));
    }

    @Test
    void concerns_are_words_numbers_or_maps() {
        MongoCluster cluster =
                mongo("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ], defaults: { writeConcern: 2 },"
                        + " writeConcerns: { fast: 1, safe: { w: majority, j: true, wtimeout: 5s } } }");
        assertThat(cluster.defaults().write().w()).isEqualTo("2");
        assertThat(cluster.defaults().level()).isEqualTo("local");
        assertThat(cluster.writeConcerns().get("fast").w()).isEqualTo("1");
        assertThat(cluster.writeConcerns().get("safe").journal()).contains(true);
        assertThat(cluster.writeConcerns().get("safe").timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void backups_and_read_concerns_are_read_once() {
        MongoCluster cluster = mongo("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ],"
                + " readConcerns: { orders: linearizable },"
                + " backup: { base: daily, oplogEvery: 5s, repository: /backup, keep: 14d } }");
        Optional<Duration> keep = Optional.of(Duration.ofDays(14));
        Optional<Duration> daily = Optional.of(Duration.ofDays(1));
        Duration slice = Duration.ofSeconds(5);
        assertThat(cluster.options().backups()).contains(new MongoCluster.Backups("/backup", daily, slice, keep));
        assertThat(cluster.precaution())
                .contains(new BackupPolicy(
                        "/clusters/social/backup/oplogEvery", Optional.of(slice), Optional.of("/backup"), daily, keep));
        assertThat(cluster.options().readConcerns()).isEqualTo(Map.of("orders", "linearizable"));
        assertThat(mongo("social: { engine: mongodb, replicaSet: [ a1, b1, c1 ] }")
                        .options())
                .isEqualTo(MongoCluster.Options.NONE);
    }
}
