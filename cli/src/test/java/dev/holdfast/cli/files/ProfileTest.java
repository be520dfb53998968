package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import dev.holdfast.model.Cluster;
import dev.holdfast.schema.Dictionary;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The connection settings for clients, as {@code status -o json} prints it. */
@Tag("unit")
class ProfileTest {

    private static Map<String, Object> profile(Written written, String name) {
        Cluster cluster = written.cluster(name);
        Dictionary dictionary = written.loaded()
                .dictionaries()
                .getOrDefault(name, Dictionary.EMPTY)
                .storedIn(cluster.engine());
        return BuiltIns.store(cluster.engine()).profile(written.topology(), cluster, dictionary);
    }

    private static Written swapskill() throws IOException {
        return Written.text(Files.readString(Written.EXAMPLES.resolve("swapskill/topology.yaml")));
    }

    @Test
    void each_collection_has_the_concern_that_was_declared_for_it_or_the_default() throws IOException {
        Map<String, Object> profile = profile(swapskill(), "social");
        assertThat(profile)
                .containsEntry(
                        "uri",
                        "mongodb://127.0.1.1:27017,127.0.1.3:27017/?retryWrites=true&serverSelectionTimeoutMS=15000")
                .containsEntry("users", List.of("swapskill"));
        Map<?, ?> collections = (Map<?, ?>) profile.get("collections");
        assertThat(collections).hasSize(17);
        assertThat(collections.get("message"))
                .isEqualTo(Map.of("database", "social", "writeConcern", Map.of("w", 1), "readConcern", "majority"));
        assertThat(collections.get("session"))
                .isEqualTo(Map.of(
                        "database",
                        "social",
                        "writeConcern",
                        Map.of("w", "majority", "j", true),
                        "readConcern",
                        "majority"));
        assertThat(collections.get("task"))
                .isEqualTo(Map.of(
                        "database", "social", "writeConcern", Map.of("w", "majority"), "readConcern", "majority"));
    }

    @Test
    void postgresql_has_an_endpoint_for_writes_and_one_for_reads() throws IOException {
        assertThat(profile(swapskill(), "payments"))
                .containsEntry(
                        "write",
                        "postgresql://127.0.1.1:5000,127.0.1.3:5000/payments?connect_timeout=3&target_session_attrs=read-write")
                .containsEntry(
                        "read",
                        "postgresql://127.0.1.1:5001,127.0.1.3:5001/payments?connect_timeout=3&target_session_attrs=any")
                .containsEntry("durability", "protect")
                .containsEntry("synchronousCommit", "on");
    }
}
