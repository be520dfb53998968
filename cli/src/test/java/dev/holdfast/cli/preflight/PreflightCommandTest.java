package dev.holdfast.cli.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Main;
import dev.holdfast.cli.OutputDocuments;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.ServersUser;
import dev.holdfast.cli.view.OutputSchema;
import dev.holdfast.preflight.FindingCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** preflight on an estate of this machine of which nothing exists yet: each defect is found, and nothing is changed. */
@Tag("unit")
class PreflightCommandTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: preflight-test
            environment: lab
            directory: DIRECTORY
            hosts:
              a1: { address: 127.104.2.1, zone: a, region: r, reach: local }
              b1: { address: 127.104.2.2, zone: b, region: r, reach: local }
              c1: { address: 127.104.2.3, zone: c, region: r, reach: REACH }
            clusters:
              pay:
                engine: postgresql
                primary: { host: a1, port: 40541 }
                standbys: { b1: { mode: async, port: 40541 }, c1: { mode: async, port: 40541 } }
                binaries: BINARIES
            """;

    @TempDir
    Path folder;

    private Path binaries;
    private String reach = "local";

    private record Ended(int exit, String out, String err) {
        JsonNode document() {
            OutputDocuments.mustAgree(out);
            return OutputDocuments.in(out).get(0);
        }

        List<String> findings() {
            List<String> findings = new ArrayList<>();
            document()
                    .path("findings")
                    .forEach(f -> findings.add(f.path("host").asText() + " "
                            + f.path("code").asText() + " " + f.path("severity").asText() + " "
                            + f.path("value").asText()));
            return findings;
        }
    }

    /** The programs only print a version: no server is started in this test. */
    @BeforeEach
    void programs() throws IOException {
        binaries = Files.createDirectories(folder.resolve("bin"));
        program("15.9");
    }

    private void program(String version) throws IOException {
        Path program = Files.writeString(
                binaries.resolve("postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private Path directory() {
        return folder.resolve("d");
    }

    private Ended run(String... words) throws IOException {
        Path file = folder.resolve("estate.yaml");
        Files.writeString(
                file,
                TOPOLOGY.replace("DIRECTORY", directory().toString())
                        .replace("BINARIES", binaries.toString())
                        .replace("REACH", reach));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>(List.of(words));
        args.addAll(List.of("-f", file.toString()));
        int exit = Main.run(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString(), "PATH", System.getenv("PATH")),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                args.toArray(String[]::new));
        return new Ended(exit, out.toString(), err.toString());
    }

    private Ended json() throws IOException {
        return run("preflight", "-o", "json");
    }

    @Test
    void hosts_are_observed_and_nothing_is_changed() throws IOException {
        Ended ended = json();
        JsonNode document = ended.document();
        assertThat(document.path("hosts").asInt()).isEqualTo(3);
        assertThat(document.path("exit").asInt()).isEqualTo(ended.exit());
        assertThat(document.path("unreachable")).isEmpty();
        assertThat(document.path("connections").path("refused").asInt()).isEqualTo(6);
        assertThat(ended.findings()).noneMatch(f -> f.contains(" program-version ") || f.contains(" unknown"));
        assertThat(directory()).doesNotExist();
        Ended text = run("preflight");
        assertThat(text.exit()).isEqualTo(ended.exit());
        assertThat(text.out())
                .contains("Connections between hosts: 0 to a server, 6 to a port where nothing listens yet, 0 blocked")
                .contains("Estate preflight-test: 3 hosts observed, ");
    }

    @Test
    void every_code_is_in_the_page_and_in_the_schema() throws IOException {
        String page = Files.readString(RealEstate.repositoryFolder().resolve("examples/PREFLIGHT.md"));
        assertThat(FindingCode.values()).allSatisfy(code -> {
            String row = page.lines()
                    .filter(l -> l.startsWith("| `" + code.word() + "` |"))
                    .findFirst()
                    .orElseThrow();
            assertThat(row.endsWith("| preflight |")).as(row).isEqualTo(code.stopsApply());
            assertThat(OutputSchema.text()).contains("\"" + code.word() + "\"");
        });
    }

    @Test
    void a_program_that_is_missing_or_too_old_is_an_error() throws IOException {
        program("13.4");
        assertThat(json().exit()).isEqualTo(4);
        assertThat(json().findings()).contains("a1 program-version error 13.4", "b1 program-version error 13.4");
        Files.delete(binaries.resolve("postgres"));
        assertThat(json().findings()).contains("a1 program-missing error none");
        Ended text = run("preflight");
        assertThat(text.exit()).isEqualTo(4);
        assertThat(text.out())
                .as("hosts with the same finding are named together")
                .contains("ERROR a1, b1, c1: " + binaries + "/postgres is not installed: none, desired installed")
                .contains("    HINT: apt-get install postgresql");
    }

    @Test
    void a_port_of_another_process_is_an_error() throws IOException {
        try (ServerSocket other = new ServerSocket(40541, 5, InetAddress.getByName("127.104.2.2"))) {
            assertThat(other.isBound()).isTrue();
            Ended ended = json();
            assertThat(ended.exit()).isEqualTo(4);
            assertThat(ended.findings()).contains("b1 port-taken error used").noneMatch(f -> f.startsWith("a1 port"));
            assertThat(ended.document().path("connections").path("connected").asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void a_directory_with_other_files_is_an_error() throws IOException {
        Files.writeString(
                Files.createDirectories(directory().resolve("a1/pay/servers")).resolve("file"), "mine");
        assertThat(json().findings()).contains("a1 directory-foreign error files of another owner");
    }

    @Test
    void a_port_that_does_not_answer_is_an_error_and_stops_apply() throws IOException {
        ServersUser.mustExist("postgres");
        try (SilentPort silent = new SilentPort("127.104.2.1", 40541)) {
            assertThat(silent.endpoint()).contains("40541");
            Ended ended = json();
            assertThat(ended.exit()).isEqualTo(4);
            assertThat(ended.findings())
                    .contains(
                            "b1 connection-blocked error no answer within 3 s",
                            "c1 connection-blocked error no answer within 3 s");
            Ended apply = run("apply", "--yes");
            assertThat(apply.exit()).as(apply.toString()).isEqualTo(4);
            assertThat(apply.err())
                    .contains("preflight-test: 2 errors on hosts where servers are to be created. Nothing was changed")
                    .contains("b1: the host cannot reach port 40541 of a1 (127.104.2.1): no answer within 3 s")
                    .contains("HINT: open port 40541 of a1 for b1")
                    .contains("--skip-preflight");
            assertThat(directory().resolve("a1")).doesNotExist();
        }
    }

    @Test
    void a_host_that_does_not_answer_is_unreachable() throws IOException {
        reach = "{ ssh: { user: dba, port: 1 } }";
        Ended ended = json();
        assertThat(ended.document().path("unreachable"))
                .hasSize(1)
                .first()
                .satisfies(u -> assertThat(u.path("host").asText()).isEqualTo("c1"));
        boolean isError = ended.findings().stream().anyMatch(f -> f.contains(" error "));
        assertThat(ended.exit()).isEqualTo(isError ? 4 : 10);
        assertThat(run("preflight").out()).contains("UNREACHABLE c1: ").contains("2 hosts observed, 1 unreachable, ");
    }
}
