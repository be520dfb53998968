package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lint.FailureImpact;
import dev.holdfast.lint.FailureImpact.Data;
import dev.holdfast.lint.FailureImpact.Writes;
import dev.holdfast.lint.FailureSimulator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each failure does to each group, by a table. */
@Tag("unit")
class SimulatorTest {

    private static final List<FailureImpact> SWAPSKILL =
            FailureSimulator.run(ExamplesTest.load("swapskill/topology.yaml").topology());

    private static FailureImpact outcome(List<FailureImpact> all, String failure, String group) {
        return all.stream()
                .filter(o ->
                        o.failure().name().equals(failure) && o.group().id().equals(group))
                .findFirst()
                .orElseThrow(() -> new AssertionError(failure + " does not touch " + group));
    }

    @ParameterizedTest
    @CsvSource({
        "host a1,           social/shard-a,   true,  GO_ON,          SAFE",
        "zone eu-west-a,    social/config,    true,  GO_ON,          SAFE",
        "zone eu-west-c,    social/shard-b,   true,  GO_ON,          SAFE",
        "zone eu-west-a,    social/routers,   true,  GO_ON,          SAFE",
        "hosts a1 and b1,   social/shard-a,   false, STOP,           NEWEST_AT_RISK",
        "hosts a1 and b1,   social/routers,   false, STOP,           SAFE",
        "hosts a1 and b1,   payments/proxies, false, STOP,           SAFE",
        "hosts a1 and c1,   social/shard-a,   false, STOP,           NEWEST_AT_RISK",
        "region eu-west,    social/shard-a,   false, STOP,           LOST",
        "host a2,           payments/servers, false, AFTER_FAILOVER, SAFE",
        "host b2,           payments/servers, true,  STOP,           SAFE",
        "host d1,           payments/servers, true,  GO_ON,          SAFE",
        "hosts a2 and b2,   payments/servers, false, AFTER_FAILOVER, NEWEST_AT_RISK",
        "region eu-west,    payments/servers, false, AFTER_FAILOVER, NEWEST_AT_RISK",
        "region eu-south,   payments/servers, true,  GO_ON,          SAFE"
    })
    void swapskill(String failure, String group, boolean majority, Writes writes, Data data) {
        FailureImpact outcome = outcome(SWAPSKILL, failure, group);
        assertThat(outcome.majority()).isEqualTo(majority);
        assertThat(outcome.writes()).isEqualTo(writes);
        assertThat(outcome.data()).isEqualTo(data);
        assertThat(outcome.description()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "engine: postgresql, primary: a1, standbys: { b1: sync }, durability: available | host b1 | GO_ON | SAFE",
                "engine: postgresql, primary: a1, standbys: { b1: sync }, durability: available | host a1 | AFTER_FAILOVER | SAFE",
                "engine: postgresql, primary: a1, standbys: { b1: async } | host a1 | AFTER_FAILOVER | NEWEST_AT_RISK",
                "engine: postgresql, primary: a1, standbys: { b1: sync }, durability: fast | host a1 | AFTER_FAILOVER | NEWEST_AT_RISK",
                "engine: postgresql, primary: a1 | host a1 | STOP | LOST",
                "engine: postgresql, primary: a1, standbys: { b1: sync, c1: sync }, durability: protect | host b1 | GO_ON | SAFE",
                "engine: postgresql, primary: a1, standbys: { b1: sync, c1: sync }, durability: protect | hosts a1 and b1 | STOP | NEWEST_AT_RISK",
                "engine: postgresql, primary: a1, standbys: { b1: sync }, durability: protect | host a1 | STOP | SAFE",
                "engine: postgresql, primary: a1, standbys: { b1: sync }, durability: protect, afterFailover: serve | host a1 | AFTER_FAILOVER | SAFE",
                "engine: postgresql, primary: a1, standbys: { b1: sync }, durability: protect, afterFailover: serve | host b1 | STOP | SAFE",
                "engine: postgresql, primary: a1, standbys: { b1: sync, c1: sync }, durability: protect | host a1 | AFTER_FAILOVER | SAFE",
                "engine: postgresql, primary: a1, standbys: { b1: sync, c1: sync }, synchronous: ANY 2, durability: protect | hosts a1 and b1 | STOP | SAFE",
                "engine: mongodb, replicaSet: [ a1, b1, c1 ], defaults: { writeConcern: 1 } | host a1 | GO_ON | NEWEST_AT_RISK",
                "engine: mongodb, replicaSet: [ a1, b1, { host: c1, arbiter: true } ] | host a1 | STOP | SAFE",
                "engine: mongodb, replicaSet: [ a1, b1, { host: c1, priority: 0 } ] | hosts a1 and b1 | STOP | NEWEST_AT_RISK",
                "engine: mongodb, replicaSet: [ a1 ] | host a1 | STOP | LOST"
            })
    void one_cluster(String keys, String failure, Writes writes, Data data) {
        List<FailureImpact> all =
                FailureSimulator.run(Written.clusters("x: { " + keys + " }").topology());
        String group = keys.contains("postgresql") ? "x/servers" : "x/x";
        assertThat(outcome(all, failure, group))
                .extracting(FailureImpact::writes, FailureImpact::data)
                .containsExactly(writes, data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "durability: protect | then commits wait for a synchronous standby (afterFailover: wait)",
                "durability: protect, afterFailover: serve | then commits are acknowledged without a standby, and are "
                        + "lost if b1 is lost",
                "durability: available | then commits are acknowledged without a standby, and are lost if b1 is lost"
            })
    void what_commits_do_after_a_failover_is_reported_in_advance(String keys, String output) {
        List<FailureImpact> all = FailureSimulator.run(
                Written.clusters("x: { engine: postgresql, primary: a1, standbys: { b1: sync }, " + keys + " }")
                        .topology());
        assertThat(outcome(all, "host a1", "x/servers").description()).endsWith(output);
    }

    @Test
    void every_host_zone_region_and_pair_that_shares_a_group_is_imagined() {
        assertThat(SWAPSKILL.stream().map(o -> o.failure().name()).distinct())
                .hasSize(6 + 4 + 2 + 8)
                .contains("host d1", "zone eu-south-a", "region eu-south", "hosts a2 and d1")
                .doesNotContain("hosts a1 and d1");
    }
}
