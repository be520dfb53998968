package dev.holdfast.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Main;
import dev.holdfast.cli.OutputDocuments;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** preflight on hosts that are reached by SSH; one of them does not answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class PreflightOverSshTest {

    private LoopbackServers servers;

    @BeforeAll
    void three_servers() throws Exception {
        servers = new LoopbackServers();
        for (String server : List.of("a1", "b1", "c1")) {
            servers.start(server, List.of("id"));
        }
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    private String host(String name) {
        return "  " + name + ": { address: " + servers.address(name) + ", zone: " + name
                + ", region: r, reach: { ssh: { user: " + System.getProperty("user.name") + ", port: "
                + servers.port(name) + ", key: " + servers.file("id") + ", knownHosts: " + servers.file("known")
                + ", config: none } } }\n";
    }

    private JsonNode preflight(int exit, String... more) throws IOException {
        Path file = Files.writeString(
                servers.file("estate.yaml"),
                "apiVersion: holdfast.dev/v1\nname: preflight-ssh\nenvironment: lab\ndirectory: "
                        + servers.file("d") + "\nhosts:\n" + host("a1") + host("b1") + host("c1")
                        + "clusters:\n  notes: { engine: mongodb, replicaSet: [ a1, b1, c1 ], binaries: /none }\n");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = new java.util.ArrayList<>(List.of("preflight", "-o", "json", "-f", file.toString()));
        words.addAll(List.of(more));
        int ended = Main.run(
                Map.of("HOLDFAST_HOME", servers.file("home").toString(), "PATH", System.getenv("PATH")),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                words.toArray(String[]::new));
        assertThat(ended).as(out.toString() + err).isEqualTo(exit);
        OutputDocuments.mustAgree(out.toString());
        return OutputDocuments.in(out.toString()).get(0);
    }

    private static List<String> findings(JsonNode document) {
        return document.path("findings")
                .valueStream()
                .map(f -> f.path("host").asText() + " " + f.path("code").asText() + " "
                        + f.path("value").asText())
                .toList();
    }

    @Test
    void all_hosts_are_observed_and_a_frozen_one_costs_its_deadline_once() throws Exception {
        JsonNode all = preflight(4);
        assertThat(all.path("unreachable")).isEmpty();
        assertThat(all.path("connections").path("refused").asInt()).isEqualTo(6);
        assertThat(findings(all))
                .contains("a1 program-missing none", "b1 program-missing none", "c1 program-missing none")
                .noneMatch(f -> f.contains("clock-offset") || f.endsWith(" unknown"));
        assertThat(servers.file("d")).doesNotExist();

        servers.freeze("c1");
        Instant begin = Instant.now();
        JsonNode partly = preflight(4, "--timeout", "20s");
        servers.thaw("c1");
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(45));
        assertThat(partly.path("unreachable"))
                .hasSize(1)
                .first()
                .satisfies(u -> assertThat(u.path("host").asText()).isEqualTo("c1"));
        assertThat(findings(partly))
                .contains("a1 program-missing none", "b1 program-missing none")
                .noneMatch(f -> f.startsWith("c1 "));
    }
}
