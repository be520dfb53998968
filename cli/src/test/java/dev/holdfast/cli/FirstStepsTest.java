package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the first ten minutes: explain, init, version, completion and man. */
@Tag("unit")
class FirstStepsTest {

    private static final String INI = """
            # three hosts
            [db]
            db[1:2] zone=room-1
            db3 ansible_host=10.0.0.13 zone='room-2' ansible_port=2222 ansible_become=yes # the third
            ; another comment
            [db:vars]
            ansible_user = dba
            [web]
            10.0.0.99
            [estate:children]
            db
            web
            [all:vars]
            ansible_user=root
            ansible_ssh_private_key_file=~/.ssh/dba key
            """;

    private static final String YAML = """
            all:
              vars: { ansible_user: root, ansible_ssh_private_key_file: ~/.ssh/dba key, list: [ 1 ] }
              children:
                estate:
                  children:
                    db:
                      hosts:
                        db1: { zone: room-1 }
                        db2: { zone: room-1 }
                        db3: { ansible_host: 10.0.0.13, zone: room-2, ansible_port: 2222, ansible_become: true }
                      vars: { ansible_user: dba }
                    web:
                      hosts: { 10.0.0.99: }
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(Map.of(), false, new PrintWriter(out), new PrintWriter(err), args);
    }

    private int init(String options) {
        return run(("init " + options).split(" "));
    }

    @Test
    void explain_prints_a_key_by_its_path_or_by_the_end_of_it() {
        assertThat(run("explain", "clusters.payments.durability")).isZero();
        assertThat(out.toString())
                .startsWith("clusters.<name>.durability\n")
                .contains("protect")
                .contains("only with engine: postgresql");
        assertThat(run("explain", "reach.ssh")).isZero();
        assertThat(out.toString())
                .contains("hosts.<name>.reach.ssh\n")
                .contains("keys: user, key, port, knownHosts, host, config");
        assertThat(run("explain", "port")).isZero();
        assertThat(out.toString())
                .contains("hosts.<name>.reach.ssh.port")
                .contains("clusters.<name>.proxy[].port")
                .contains("a whole number from 1 to 65535");
        assertThat(run("explain")).isZero();
        assertThat(out.toString())
                .contains("apiVersion\n")
                .contains("(required)")
                .contains("keys: address, zone");
    }

    @ParameterizedTest
    @CsvSource({
        "durabilty, did you mean \"durability\"?",
        "clusters.x.durabilty, did you mean \"durability\"?",
        "hosts.durability, holdfast explain durability prints",
        "qqqqqqqq, validate --reference prints all keys"
    })
    void explain_suggests_the_nearest_key(String key, String hint) {
        assertThat(run("explain", key)).isEqualTo(64);
        assertThat(err.toString()).contains("has no such key").contains(hint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mongodb", "postgresql"})
    void init_writes_a_topology_without_errors_for_any_number_of_hosts(String engine) throws IOException {
        for (int count = 1; count <= 8; count++) {
            Path file = folder.resolve(engine + count + ".yaml");
            String hosts = IntStream.rangeClosed(1, count)
                    .mapToObj(i -> "db" + i + "=10.0.0." + i)
                    .collect(Collectors.joining(","));
            String zones =
                    IntStream.rangeClosed(1, count).mapToObj(i -> "room-" + i).collect(Collectors.joining(","));
            assertThat(init("--engine " + engine + " --hosts " + hosts + " --zones " + zones
                            + " --access ssh --user dba --key ~/.ssh/id_ed25519 -f " + file))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString()).contains("Written: " + file).contains("holdfast validate -f " + file);
            assertThat(run("validate", "-f", file.toString()))
                    .as(out + Files.readString(file))
                    .isZero();
            assertThat(Files.readString(file)).contains("# passwords are generated and kept with mode 0600");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a1,b1,c1|a,b,c|[ a1, b1, c1 ]|[ a1, b1, c1 ]",
                "a1,a2,b1,b2,c1,c2|a,a,b,b,c,c|[ a1, b1, c1 ]|[ a2, b2, c2 ]",
                "a1,a2,b1,b2|a,a,b,b|[ a1, b1, a2 ]|[ a2, b2, a1 ]",
                "a1,b1,c1,d1||[ a1, b1, c1 ]|[ a1, b1, c1 ]",
            })
    void init_places_shards_in_different_zones(String hosts, String zones, String first, String second)
            throws IOException {
        Path file = folder.resolve("sharded.yaml");
        String placed = zones == null ? "" : " --zones " + zones;
        assertThat(init("--engine mongodb --shards 2 --hosts " + hosts + placed + " --access ssh -f " + file))
                .as(err.toString())
                .isZero();
        assertThat(run("validate", "-f", file.toString()))
                .as(out + Files.readString(file))
                .isZero();
        assertThat(Files.readString(file))
                .contains("configServers: " + first)
                .contains("shard-1: " + first)
                .contains("shard-2: " + second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql --shards 2 --hosts a1,b1,c1|only MongoDB has shards",
                "mongodb --shards 2 --hosts a1,b1|a sharded cluster needs at least 3 hosts, and there are 2",
                "mongodb --shards -1 --hosts a1,b1,c1|--shards",
                "mongodb --shards 21 --hosts a1,b1,c1|from 1 to 20",
                "mongodb --hosts a1,b1,c1 --regions x|there are 3 hosts and 1 regions"
            })
    void init_refuses_what_it_cannot_place(String options, String what) {
        assertThat(init("--engine " + options + " --access ssh -f -")).isEqualTo(64);
        assertThat(err.toString()).contains(what).contains("HINT: ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void init_uses_another_region_for_disaster_recovery_and_never_for_a_primary() throws IOException {
        String hosts = " --hosts a1,b1,d1 --zones a,b,d --regions west,west,south --access ssh -f ";
        for (String engine : List.of("postgresql", "mongodb")) {
            Path file = folder.resolve(engine + ".yaml");
            assertThat(init("--engine " + engine + hosts + file)).isZero();
            assertThat(run("validate", "-f", file.toString())).isZero();
            assertThat(Files.readString(file))
                    .contains("d1: { zone: d, region: south, reach:")
                    .contains(engine.equals("mongodb") ? "- { host: d1, priority: 0 }" : "dr: { d1: async }");
        }
        assertThat(Files.readString(folder.resolve("postgresql.yaml"))).contains("standbys: { b1: sync }");
    }

    @Test
    void init_never_overwrites_and_says_what_is_missing() throws IOException {
        Path file = Files.writeString(folder.resolve("topology.yaml"), "mine");
        assertThat(init("--engine mongodb --hosts a1 --access local -f " + file))
                .isEqualTo(4);
        assertThat(err.toString()).contains("the file exists. Nothing was changed");
        assertThat(Files.readString(file)).isEqualTo("mine");
        assertThat(init("-f " + folder + "/new.yaml")).isEqualTo(64);
        assertThat(err.toString()).contains("--engine is missing").contains("HINT: holdfast init --engine");
        assertThat(init("--engine mongodb --hosts a1,b1 --zones x --access ssh -f -"))
                .isEqualTo(64);
        assertThat(err.toString()).contains("there are 2 hosts and 1 zones");
        assertThat(init("--engine mongodb --hosts 1a,b1 --access ssh -f " + folder + "/new.yaml"))
                .isEqualTo(64);
        assertThat(err.toString()).contains("Nothing was written").doesNotContain("\tat ");
        assertThat(folder.resolve("new.yaml")).doesNotExist();
        assertThat(init("--engine mongodb --hosts a1 --access local -f -")).isZero();
        assertThat(out.toString()).contains("a1: { reach: local }").contains("replicaSet:");
    }

    @Test
    void init_reads_an_inventory_in_both_formats() throws IOException {
        Path ini = Files.writeString(folder.resolve("hosts"), INI);
        Path yaml = Files.writeString(folder.resolve("hosts.yml"), YAML);
        assertThat(init("--engine postgresql -f - --from-inventory " + ini + " --group estate"))
                .as(err.toString())
                .isZero();
        String text = out.toString();
        assertThat(text)
                .contains("  db1: { zone: room-1, reach: { ssh: { user: dba, key: \"~/.ssh/dba key\" } } }\n")
                .contains("  db3: { address: 10.0.0.13, zone: room-2, reach: { ssh: { user: dba, port: 2222,"
                        + " key: \"~/.ssh/dba key\", become: sudo } } }\n")
                .contains("  ip-10-0-0-99: { address: 10.0.0.99, reach: { ssh: { user: root,");
        assertThat(init("--engine postgresql -f - --from-inventory " + yaml + " --group estate"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).isEqualTo(text);
        assertThat(init("--engine postgresql -f - --from-inventory " + yaml)).isZero();
        assertThat(out.toString()).isEqualTo(text);
        assertThat(init("--engine postgresql -f - --from-inventory " + ini + " --group bd"))
                .isEqualTo(64);
        assertThat(err.toString()).contains("has no such group").contains("did you mean \"db\"?");
    }

    @Test
    void init_writes_hosts_whose_user_works_by_sudo_and_the_file_is_valid() throws IOException {
        Path file = folder.resolve("sudo.yaml");
        assertThat(init("--engine mongodb --hosts a1,b1,c1 --zones a,b,c --user ops --sudo -f " + file))
                .as(err.toString())
                .isZero();
        assertThat(Files.readString(file)).contains("a1: { zone: a, reach: { ssh: { user: ops, become: sudo } } }");
        assertThat(run("validate", "-f", file.toString())).as(out + "" + err).isZero();
        Files.writeString(file, Files.readString(file).replaceFirst("become: sudo", "become: su"));
        assertThat(run("validate", "-f", file.toString())).isEqualTo(3);
        assertThat(out + "" + err).contains("become", "sudo");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[db:hostvars]|:1: unknown kind of section: hostvars",
                "[db|:1: this is not a section",
                "[db]\\ndb1 master|:2: \"master\" after a host is no variable",
                "[db]\\ndb[a:c]|:2: the range in db[a:c] is not supported",
                "[db]\\ndb1 zone=\"a|:2: quotes have no end",
                "[db:vars]\\nzone|:2: a variable has no =",
                "db1 ansible_host={{address}}|the value is a template",
                "---\\n- db1|the inventory is not a map of groups",
                "---\\ndb:\\n  host: {}|a group has the keys hosts, vars and children, not host",
                "---\\ndb: [|this is not YAML",
                "[db]|the group has no hosts"
            })
    void an_inventory_that_is_not_understood_is_named_with_its_place(String text, String what) throws IOException {
        Path file = Files.writeString(folder.resolve("hosts"), text.replace("\\n", "\n"));
        assertThat(init("--engine postgresql -f - --from-inventory " + file)).isEqualTo(64);
        assertThat(err.toString()).contains(what).contains("HINT: ").doesNotContain("\tat ");
    }

    @Test
    void init_asks_at_a_terminal_for_what_is_missing() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script makes a terminal");
        Path file = folder.resolve("asked.yaml");
        Path command = Files.writeString(
                folder.resolve("command"),
                Path.of(System.getProperty("java.home"), "bin", "java") + " -cp '"
                        + System.getProperty("java.class.path") + "' " + Main.class.getName() + " init -f " + file);
        Path answers = Files.writeString(folder.resolve("answers"), "mongodb\na1, b1=10.0.0.2\neast west\nlocal\n");
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder("script", "-qefc", "sh " + command, "/dev/null")
                .redirectInput(answers.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(said)).isZero();
        assertThat(Files.readString(said)).contains("Engine (mongodb or postgresql): ");
        assertThat(Files.readString(file)).contains("b1: { address: 10.0.0.2, zone: west, reach: local }");
    }

    @Test
    void version_names_the_build_java_and_the_servers() {
        assertThat(run("version")).isZero();
        assertThat(out.toString())
                .containsPattern("(?m)^holdfast    \\d+\\.\\d+\\.\\d+$")
                .containsPattern("(?m)^commit      \\S+$")
                .contains("Java        " + System.getProperty("java.runtime.version"))
                .containsPattern("(?m)^MongoDB     .*8\\.0 \\(supported until 2029-10-31\\)")
                .containsPattern("(?m)^PostgreSQL  13 \\(no security fixes since 2025-11-13\\)");
        String version = out.toString().lines().findFirst().orElseThrow().replaceAll(" +", " ");
        assertThat(run("--version")).isZero();
        assertThat(out.toString().strip()).isEqualTo(version);
    }

    @Test
    void version_and_explain_print_documents_that_the_published_schema_describes() throws Exception {
        assertThat(run("version", "-o", "json")).isZero();
        JsonNode version = OutputDocuments.in(out.toString()).get(0);
        OutputDocuments.mustAgree(out.toString());
        assertThat(version.at("/java/version").asText()).isEqualTo(System.getProperty("java.runtime.version"));
        assertThat(version.path("servers"))
                .anyMatch(s -> s.path("server").asText().equals("PostgreSQL")
                        && s.path("series").asText().equals("13")
                        && s.path("ends").asText().equals("2025-11-13")
                        && !s.path("supported").asBoolean());
        assertThat(run("explain", "durability", "-o", "json")).isZero();
        OutputDocuments.mustAgree(out.toString());
        assertThat(OutputDocuments.in(out.toString()).get(0).path("keys"))
                .singleElement()
                .satisfies(k -> {
                    assertThat(k.path("path").asText()).isEqualTo("clusters.<name>.durability");
                    assertThat(k.path("only_with").asText()).isEqualTo("engine: postgresql");
                });
    }

    @Test
    void every_command_has_a_man_page_that_groff_reads() throws Exception {
        Path pages = folder.resolve("man1");
        assertThat(run("man", "--out", pages.toString())).isZero();
        List<String> names =
                CommandLineTest.commands().map(c -> c.replace(' ', '-') + ".1").toList();
        assertThat(names).hasSizeGreaterThan(30).contains("holdfast-drill-run.1");
        try (Stream<Path> files = Files.list(pages)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("holdfast.1"), names.stream())
                            .toList());
        }
        assertThat(Files.readString(pages.resolve("holdfast-drill-run.1")))
                .contains(".SH \"SCOPE\"\n")
                .contains(".SH \"EXAMPLES\"\n");
        assertThat(run("man", "drill", "run")).isZero();
        assertThat(out.toString()).isEqualTo(Files.readString(pages.resolve("holdfast-drill-run.1")));
        assertThat(run("man", "drill", "walk")).isEqualTo(64);
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff reads man pages");
        assertThat(said("groff -man -ww -z -Tutf8 " + pages + "/*.1")).isEmpty();
    }

    @Test
    void bash_completes_commands_subcommands_and_options() throws Exception {
        assertThat(run("completion", "bash")).isZero();
        Path script = Files.writeString(folder.resolve("completion"), out.toString());
        List<String> missing = CommandLineTest.commands()
                .map(c -> "_picocli_" + c.replace(' ', '_'))
                .filter(f -> !out.toString().contains("function " + f + "()"))
                .toList();
        assertThat(missing).isEmpty();
        assertThat(completed(script, "holdfast sw")).isEqualTo("switchover");
        assertThat(completed(script, "holdfast drill cl")).isEqualTo("cleanup");
        assertThat(completed(script, "holdfast drill run --ze --zo").split(" ")).contains("--zone");
        assertThat(run("completion", "zsh")).isZero();
        assertThat(out.toString()).startsWith("#compdef holdfast\n").contains("bashcompinit");
    }

    private String completed(Path script, String line) throws Exception {
        String words = Stream.of(line.split(" ")).collect(Collectors.joining(" "));
        return said("source " + script + "; compopt() { :; }; COMP_WORDS=(" + words
                        + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                        + " COMP_LINE='" + line
                        + "'; COMP_POINT=${#COMP_LINE}; _complete_holdfast; echo ${COMPREPLY[@]}")
                .strip();
    }

    private String said(String command) throws Exception {
        Path said = folder.resolve("output");
        new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        return Files.readString(said);
    }
}
