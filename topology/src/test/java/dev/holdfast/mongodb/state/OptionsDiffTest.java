package dev.holdfast.mongodb.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.FakeServer;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class OptionsDiffTest {

    private final MongoCluster cluster = Wanted.settings(
            Wanted.replicaSet("a1"),
            Map.of("setParameter.ttlMonitorSleepSecs", 30, "storage.wiredTiger.engineConfig.cacheSizeGB", 1));
    private final Node node = cluster.nodes().get(0);
    private final Map<String, Object> running = new LinkedHashMap<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    OptionsDiffTest() {
        ServerConfiguration.of(cluster, node).all().forEach((k, v) -> FakeServer.put(running, k, v));
        running.put("config", "/some/mongod.conf");
        parameters.put("ttlMonitorSleepSecs", Map.of("value", 30, "settableAtRuntime", true));
    }

    private OptionsDiff drift() {
        ServerReply reply = new ServerReply(
                MongoDocument.EMPTY,
                Credentials.ANONYMOUS,
                new MongoDocument(running),
                MongoDocument.EMPTY,
                "",
                MongoDocument.EMPTY,
                false,
                new MongoDocument(parameters),
                "",
                "");
        return OptionsDiff.of(ServerConfiguration.of(cluster, node), reply);
    }

    @Test
    void a_server_that_runs_as_declared_has_none() {
        assertThat(drift()).isEqualTo(OptionsDiff.NONE);
    }

    @Test
    void zlib_which_leaks_memory_before_the_login_is_never_offered_and_found_when_it_is() {
        assertThat(ServerConfiguration.of(cluster, node).all())
                .containsEntry("net.compression.compressors", "snappy,zstd");
        FakeServer.put(running, "net.compression.compressors", "snappy,zstd,zlib");
        assertThat(drift().restart())
                .containsExactly("net.compression.compressors is snappy,zstd,zlib, desired snappy,zstd");
    }

    @Test
    void the_value_that_counts_of_a_parameter_is_the_one_in_use_not_the_one_it_was_started_with() {
        FakeServer.put(running, "setParameter.ttlMonitorSleepSecs", "60");
        assertThat(drift()).isEqualTo(OptionsDiff.NONE);
        parameters.put("ttlMonitorSleepSecs", Map.of("value", 45, "settableAtRuntime", true));
        assertThat(drift().live()).containsExactly(Map.entry("ttlMonitorSleepSecs", 30));
        assertThat(drift().because()).containsExactly("setParameter.ttlMonitorSleepSecs is 45, desired 30");
    }

    @Test
    void a_member_that_a_restore_started_without_the_ttl_monitor_is_as_declared_once_the_monitor_runs() {
        FakeServer.put(running, "setParameter.ttlMonitorEnabled", "false");
        parameters.put("ttlMonitorEnabled", Map.of("value", true, "settableAtRuntime", true));
        assertThat(drift()).isEqualTo(OptionsDiff.NONE);
        parameters.put("ttlMonitorEnabled", Map.of("value", false, "settableAtRuntime", true));
        assertThat(drift().live()).containsExactly(Map.entry("ttlMonitorEnabled", true));
        assertThat(drift().restart()).isEmpty();
    }

    @Test
    void a_parameter_of_the_start_only_needs_a_restart() {
        parameters.put("ttlMonitorSleepSecs", Map.of("value", 45, "settableAtRuntime", false));
        assertThat(drift().restart()).containsExactly("setParameter.ttlMonitorSleepSecs is 45, desired 30");
    }

    @Test
    void numbers_are_compared_by_value_and_truths_by_name() {
        FakeServer.put(running, "storage.wiredTiger.engineConfig.cacheSizeGB", 1.0);
        FakeServer.put(running, "setParameter.enableLocalhostAuthBypass", "false");
        assertThat(drift()).isEqualTo(OptionsDiff.NONE);
    }

    @Test
    void what_is_set_and_not_declared_is_drift_too() {
        FakeServer.put(running, "storage.directoryPerDB", true);
        assertThat(drift().restart()).containsExactly("storage.directoryPerDB is true, not declared");
    }
}
