package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every estate in examples/ is without fault; every wrong file in examples/broken says what it is there to say. */
@Tag("unit")
class ExamplesTest {

    static Stream<String> estates() throws IOException {
        try (Stream<Path> all = Files.list(Written.EXAMPLES)) {
            return all
                    .filter(f -> Files.isDirectory(f) && !f.endsWith("broken"))
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<String> broken() throws IOException {
        try (Stream<Path> all = Files.list(Written.EXAMPLES.resolve("broken"))) {
            return all.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".yaml")).sorted().toList().stream();
        }
    }

    static Written load(String file) {
        Path path = Written.EXAMPLES.resolve(file);
        return new Written(TopologyFile.load(path, Map.of(), Map.of()), path);
    }

    @ParameterizedTest
    @MethodSource("estates")
    void an_example_is_valid_and_experience_has_nothing_against_it(String folder) {
        Written example = load(folder + "/topology.yaml");
        assertThat(example.description()).isEmpty();
        assertThat(example.topology().nodes()).isNotEmpty();
    }

    @Test
    void swapskill_with_automatic_failover_is_valid_and_has_etcd_in_three_zones() {
        Written example = load("swapskill/automatic.yaml");
        assertThat(example.description()).isEmpty();
        assertThat(example.endpoints())
                .contains(
                        "payments/etcd/a1=127.0.1.1:2379",
                        "payments/etcd/b1=127.0.1.3:2379",
                        "payments/etcd/c1=127.0.1.5:2379");
    }

    /** After a wanted change of words: {@code HOLDFAST_REWRITE=1 mvn test -Dtest=ExamplesTest,JsonSchemaTest}. */
    @ParameterizedTest
    @MethodSource("broken")
    void a_broken_example_states_what_is_expected(String file) throws IOException {
        Written broken = load("broken/" + file);
        Path expected = Written.EXAMPLES.resolve("broken").resolve(file.replace(".yaml", ".expected"));
        if (System.getenv("HOLDFAST_REWRITE") != null) {
            Files.writeString(expected, broken.description());
        }
        assertThat(broken.description()).isEqualTo(Files.readString(expected));
        assertThat(broken.loaded().topology().isPresent()).isEqualTo(file.startsWith("advice"));
    }

    @Test
    void every_expected_text_has_its_file() throws IOException {
        try (Stream<Path> all = Files.list(Written.EXAMPLES.resolve("broken"))) {
            List<String> orphans = all.map(Path::toString)
                    .filter(f -> f.endsWith(".expected"))
                    .filter(f -> !Files.exists(Path.of(f.replace(".expected", ".yaml"))))
                    .toList();
            assertThat(orphans).isEmpty();
        }
        assertThat(broken().count()).isGreaterThanOrEqualTo(25);
    }

    @Test
    void swapskill_is_three_config_servers_two_shards_of_three_two_routers_a_trio_and_two_proxies() {
        assertThat(load("swapskill/topology.yaml").endpoints())
                .containsExactly(
                        "social/config/a1=127.0.1.1:27019",
                        "social/config/b1=127.0.1.3:27019",
                        "social/config/c1=127.0.1.5:27019",
                        "social/shard-a/a1=127.0.1.1:27018",
                        "social/shard-a/b1=127.0.1.3:27018",
                        "social/shard-a/c1=127.0.1.5:27018",
                        "social/shard-b/a2=127.0.1.2:27020",
                        "social/shard-b/b2=127.0.1.4:27020",
                        "social/shard-b/c1=127.0.1.5:27020",
                        "social/routers/a1=127.0.1.1:27017",
                        "social/routers/b1=127.0.1.3:27017",
                        "payments/servers/a2=127.0.1.2:5432",
                        "payments/servers/b2=127.0.1.4:5432",
                        "payments/servers/d1=127.0.1.6:5432",
                        "payments/proxies/a1=127.0.1.1:5000",
                        "payments/proxies/b1=127.0.1.3:5000");
    }
}
