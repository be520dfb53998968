package dev.holdfast.cli.files;

import static dev.holdfast.cli.files.Written.estate;
import static dev.holdfast.cli.files.Written.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ports and folders that work when several nodes share a host or an address. */
@Tag("unit")
class NodeAllocationTest {

    private static final String SHARDED = """
            social:
              engine: mongodb
              configServers: [ a1, b1, c1 ]
              shards:
                shard-a: [ a1, b1, c1 ]
                shard-b: [ a1, b1, c1 ]
                shard-c: [ a1, b1, c1 ]
              routers: [ a1, b1 ]
            """;

    /** All hosts at one address. */
    private static Written together(String clusters) {
        return text(estate(clusters).replaceAll("127\\.0\\.1\\.\\d", "127.0.0.1"));
    }

    @Test
    void every_shard_has_its_usual_port() {
        assertThat(text(estate(SHARDED)).endpoints())
                .contains(
                        "social/config/a1=127.0.1.1:27019",
                        "social/shard-a/b1=127.0.1.2:27018",
                        "social/shard-b/b1=127.0.1.2:27020",
                        "social/shard-c/c1=127.0.1.3:27021",
                        "social/routers/a1=127.0.1.1:27017");
    }

    @Test
    void no_address_is_given_twice_when_hosts_share_one() {
        List<String> endpoints = together(SHARDED).topology().nodes().stream()
                .map(n -> n.endpoint())
                .toList();
        assertThat(new HashSet<>(endpoints)).hasSize(14);
    }

    @Test
    void a_usual_port_gives_way_to_one_that_is_written_anywhere_in_the_file() {
        Written written = together("""
                social: { engine: mongodb, replicaSet: [ a1, a1, a1 ] }
                books: { engine: postgresql, primary: { host: b1, port: 27018 }, proxy: [ { host: a1, port: 5001 } ] }
                """);
        assertThat(written.endpoints())
                .containsExactly(
                        "social/social/a1=127.0.0.1:27017",
                        "social/social/a1-2=127.0.0.1:27019",
                        "social/social/a1-3=127.0.0.1:27020",
                        "books/servers/b1=127.0.0.1:27018",
                        "books/proxies/a1=127.0.0.1:5001");
        assertThat(written.cluster("books").toString()).contains("readPort=5002");
    }

    @Test
    void the_same_file_gives_the_same_ports() {
        assertThat(together(SHARDED).endpoints()).isEqualTo(together(SHARDED).endpoints());
    }

    @Test
    void localhost_is_the_same_address_as_127_0_0_1() {
        Written written = text(estate(
                        "social: { engine: mongodb, replicaSet: [ { host: a1, port: 27017 }, { host: b1, port: 27017 } ] }")
                .replace("127.0.1.1", "localhost")
                .replace("127.0.1.2", "127.0.0.1"));
        assertThat(written.problems())
                .hasSize(1)
                .first()
                .asString()
                .contains("port 27017, for social/social/b1, is used by social/social/a1");
    }

    @Test
    void folders_lie_under_the_estates_or_the_hosts() {
        String text = estate("social: { engine: mongodb, replicaSet: [ a1, b1, { host: c1, directory: /fast/disk } ] }")
                .replace("environment: lab", "environment: lab\ndirectory: /srv/test/")
                .replace("127.0.1.2,", "127.0.1.2, directory: /data,");
        Written written = text(text);
        assertThat(written.node("social/social/a1").directory()).isEqualTo("/srv/test/a1/social/social");
        assertThat(written.node("social/social/b1").directory()).isEqualTo("/data/b1/social/social");
        assertThat(written.node("social/social/c1").directory()).isEqualTo("/fast/disk");
    }

    @Test
    void hosts_on_different_machines_may_use_the_same_folder() {
        String text = estate(
                        "social: { engine: mongodb, replicaSet: [ { host: a1, directory: /data }, { host: b1, directory: /data } ] }")
                .replaceFirst("127.0.1.1(.*)reach: local", "10.0.0.1$1reach: { ssh: { user: dba } }")
                .replaceFirst("127.0.1.2(.*)reach: local", "10.0.0.2$1reach: { ssh: { user: dba } }");
        assertThat(text(text).topology().nodes()).hasSize(2);
    }
}
