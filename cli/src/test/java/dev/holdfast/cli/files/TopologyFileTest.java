package dev.holdfast.cli.files;

import static dev.holdfast.cli.files.Written.clusters;
import static dev.holdfast.cli.files.Written.estate;
import static dev.holdfast.cli.files.Written.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Environment;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes from outside: places, values filled in, hosts, secrets, odd files. */
@Tag("unit")
class TopologyFileTest {

    private static final String SET = "notes: { engine: mongodb, replicaSet: [ a1, b1, c1 ] }\n";

    @Test
    void short_and_full_forms_live_in_one_file() {
        Written written = text("""
            apiVersion: holdfast.dev/v1
            name: swapskill
            environment: lab
            hosts:
              a1: { address: 10.0.1.1, zone: eu-west-a, region: eu-west, reach: local }
              b1: { address: 10.0.1.2, zone: eu-west-b, region: eu-west, reach: local }
              c1: { address: 10.0.1.3, zone: eu-west-c, region: eu-west, reach: local }
              d1: { address: 10.0.1.4, zone: eu-south-a, region: eu-south, reach: { ssh: { user: dba, key: ~/.ssh/id_ed25519, port: 2222, knownHosts: /etc/ssh/known } } }
            clusters:
              social:
                engine: mongodb
                objectives: { rpo: 5m, rto: 10m }
                configServers: [ a1, b1, c1 ]
                shards:
                  shard-a: [ a1, b1, c1 ]
                  shard-b: { members: [ a1, b1, { host: c1 } ] }
                routers: [ a1, { host: b1, port: 27100 } ]
                defaults: { writeConcern: majority, readConcern: majority }
                writeConcerns: { message: { w: 1 }, session: { w: majority, j: true }, review: { w: majority, j: true } }
                settings: { storage.wiredTiger.engineConfig.cacheSizeGB: 2 }
                backup: { base: daily, oplogEvery: 60s, repository: /var/lib/holdfast/backup }
              payments:
                engine: postgresql
                objectives: { rpo: 0s, rto: 2m }
                durability: protect
                afterFailover: serve
                primary: a1
                standbys: { b1: sync }
                dr: { d1: async }
                proxy: [ a1, b1 ]
                backup: { full: weekly, incremental: daily, archive: continuous, repository: /var/lib/holdfast/backup }
            secrets:
              social/admin: env:SOCIAL_ADMIN
              social/keyfile: file:/etc/holdfast/keyfile
              payments/admin: generated
            """);
        assertThat(written.problems()).isEmpty();
        assertThat(written.topology().hosts().get("d1").reach())
                .isEqualTo(new HostAccess.Ssh("dba", 2222, "~/.ssh/id_ed25519", "/etc/ssh/known", "", "", false));
        assertThat(written.topology().secrets()).hasSize(3);
    }

    @Test
    void places_are_those_of_the_key_or_of_the_value() {
        Written written = clusters("""
            notes:
              engine: mongodb
              replicaSet: [ a1, b2, c1 ]
              colour: green
              objectives: { rpo: 5 }
            """);
        assertThat(written.problems())
                .containsExactly(
                        "11:23 no host has the name \"b2\"",
                        "12:5 unknown key \"colour\" in \"notes\"",
                        "13:24 \"rpo\" must be a duration, not \"5\"");
        assertThat(written.hints().get(0)).isEqualTo("did you mean \"b1\"?");
    }

    @Test
    void a_topology_remembers_where_things_stand() {
        Topology topology = clusters(SET).topology();
        assertThat(topology.place("/hosts/b1").toString()).endsWith(".yaml:6:3");
        assertThat(topology.place("/clusters/notes/replicaSet/1").line()).isEqualTo(9);
        assertThat(topology.place("/clusters/notes/no/such/thing")).isEqualTo(topology.place("/clusters/notes"));
    }

    @Test
    void values_are_filled_in_from_the_environment_and_from_var() {
        String text = estate(SET)
                .replace("127.0.1.1", "\"${env:ADDRESS}\"")
                .replace("name: test", "name: ${var:name}-${var:stage:-dev}");
        Written written = text(text, Map.of("name", "shop"), Map.of("ADDRESS", "127.0.1.9"));
        assertThat(written.topology().name()).isEqualTo("shop-dev");
        assertThat(written.topology().hosts().get("a1").address()).isEqualTo("127.0.1.9");
    }

    @Test
    void a_number_may_be_filled_in() {
        String set =
                "notes: { engine: mongodb, replicaSet: [ { host: a1, port: \"${env:PORT}\", hidden: \"${env:HIDDEN}\""
                        + " }, b1, c1 ] }\n";
        Written written = text(estate(set), Map.of(), Map.of("PORT", "27999", "HIDDEN", "false"));
        assertThat(written.node("notes/notes/a1").port()).isEqualTo(27999);
    }

    @Test
    void two_dollars_are_one() {
        String set = "notes: { engine: mongodb, replicaSet: [ { host: a1, tags: { use: \"$${x}$y\" } }, b1, c1 ] }\n";
        assertThat(clusters(set).cluster("notes").toString()).contains("use=${x}$y");
    }

    @Test
    void a_value_from_the_environment_is_not_shown_when_it_is_wrong() {
        String text = estate(SET).replace("127.0.1.1", "\"${env:ADDRESS}\"");
        Written written = text(text, Map.of(), Map.of("ADDRESS", "hunter2 hunter2"));
        assertThat(written.description()).doesNotContain("hunter2").contains("${env:ADDRESS}");
    }

    @Test
    void a_host_leaves_login_and_keys_to_the_ssh_configuration_of_each_operator() {
        String hosts = estate(SET)
                .replaceFirst("reach: local", "reach: { ssh: {} }")
                .replaceFirst("reach: local", "reach: { ssh: { host: db-alias, config: ./ssh_config } }");
        Written written = text(hosts);
        assertThat(written.description()).doesNotContain("ERROR");
        assertThat(written.topology().hosts().get("a1").reach())
                .isEqualTo(new HostAccess.Ssh("", 0, "", "", "", "", false));
        assertThat(written.topology().hosts().get("b1").reach())
                .isEqualTo(new HostAccess.Ssh("", 0, "", "", "db-alias", "./ssh_config", false));
        assertThat(text(hosts.replace("db-alias", "-oProxyCommand=x")).description())
                .contains("is not an address or a DNS name");
    }

    @Test
    void hosts_have_defaults() {
        String hosts = estate(SET)
                .replace(
                        "{ address: 127.0.1.1, zone: zone-a, region: north, reach: local }",
                        "{ reach: { ssh: { user: dba } } }")
                .replaceAll("address: 127.0.1.\\d, ", "");
        Topology topology = text(hosts).topology();
        assertThat(topology.hosts().get("a1").address()).isEqualTo("a1");
        assertThat(topology.hosts().get("a1").zone()).isEmpty();
        assertThat(topology.hosts().get("a1").reach()).isEqualTo(new HostAccess.Ssh("dba", 0, "", "", "", "", false));
        assertThat(topology.hosts().get("a1").directory()).endsWith("holdfast/test");
    }

    @Test
    void the_default_directory_follows_the_login_on_the_host_and_not_the_operator() {
        String operator = System.getProperty("user.name");
        String own = operator.equals("root")
                ? "/var/lib/holdfast/test"
                : System.getProperty("user.home") + "/.local/share/holdfast/test";
        Map.of(
                        "local",
                        own,
                        "{ ssh: {} }",
                        own,
                        "{ ssh: { user: '%s' } }".formatted(operator),
                        own,
                        "{ ssh: { user: root } }",
                        "/var/lib/holdfast/test",
                        "{ ssh: { user: ops, become: sudo } }",
                        "/var/lib/holdfast/test",
                        "{ ssh: { become: sudo } }",
                        "/var/lib/holdfast/test",
                        "{ ssh: { user: another } }",
                        "/home/another/.local/share/holdfast/test")
                .forEach((reach, directory) -> {
                    Topology topology = text(estate(SET)
                                    .replace("region: north, reach: local", "region: north, reach: " + reach))
                            .topology();
                    assertThat(topology.hosts().get("a1").directory()).as(reach).isEqualTo(directory);
                });
    }

    @Test
    void an_estate_that_does_not_state_what_it_is_for_is_production() {
        assertThat(text(estate(SET).replace("environment: lab\n", ""))
                        .topology()
                        .environment())
                .isEqualTo(Environment.PRODUCTION);
    }

    @Test
    void secrets_are_named_and_their_sources_gathered() {
        Topology topology = clusters("""
            notes:
              engine: mongodb
              replicaSet: [ a1, b1, c1 ]
              users:
                made: {}
                shared: { password: secret:common }
                outside: { password: env:NOTES_PASSWORD }
                kept: { password: file:/run/secrets/kept }
            """).topology();
        assertThat(topology.clusters().get(0).secrets())
                .extracting(SecretRef::name)
                .containsExactly(
                        "notes/keyfile",
                        "notes/admin",
                        "notes/users/made",
                        "common",
                        "notes/users/outside",
                        "notes/users/kept");
        assertThat(topology.secrets())
                .containsEntry("notes/users/outside", new SecretRef.Source.Env("NOTES_PASSWORD"))
                .containsEntry("notes/users/kept", new SecretRef.Source.File("/run/secrets/kept"))
                .doesNotContainKey("common");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n", "---\n", "\uFEFF", "\uFEFF\n", "--- # x\n...\n"})
    void an_empty_file_is_reported(String text) {
        assertThat(text(text).problems()).hasSize(1).first().asString().contains("is empty");
    }

    @Test
    void a_byte_order_mark_does_no_harm() {
        assertThat(text("\uFEFF" + estate(SET)).topology().name()).isEqualTo("test");
    }

    @Test
    void windows_line_ends_do_no_harm() {
        assertThat(text(estate(SET).replace("\n", "\r\n")).topology().name()).isEqualTo("test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "true", "42", "[ a, b ]", "'a\n b'", "null"})
    void what_is_no_map_at_the_top_is_reported(String text) {
        assertThat(text(text).problems()).isNotEmpty().first().asString().startsWith("1:1 ");
    }

    @Test
    void a_missing_file_and_a_directory_are_reported() {
        assertThat(description("/no/such/file.yaml")).contains("/no/such/file.yaml:1:1: ERROR there is no such file");
        assertThat(description("/tmp"))
                .contains("/tmp:1:1: ERROR this is a directory")
                .contains("-f /tmp/topology.yaml");
    }

    @Test
    void a_huge_file_is_not_even_parsed() {
        assertThat(text("#".repeat(2_000_000)).problems())
                .hasSize(1)
                .first()
                .asString()
                .contains("more than 1048576 bytes");
    }

    @Test
    void a_device_that_never_ends_is_not_read() {
        assertThat(description("/dev/zero")).contains("ERROR the file has more than 1048576 bytes");
    }

    private static String description(String path) {
        return TopologyFile.load(Path.of(path), Map.of(), Map.of()).problems().toString();
    }

    @Test
    void a_line_break_inside_a_value_is_refused() {
        String set = "notes: { engine: mongodb, replicaSet: [ a1, b1, c1 ], settings: { a.b: \"x\\ny\" } }\n";
        assertThat(clusters(set).problems())
                .containsExactly("9:74 this value contains a line break or control character");
    }

    @Test
    void every_problem_of_a_file_is_reported_at_once() {
        Written written = text("name: 1\nhosts: []\nclusters: 5\nsecrets: { a: b }\ncolour: red\n");
        assertThat(written.problems().stream().map(p -> p.substring(0, 3)).toList())
                .isEqualTo(List.of("1:1", "1:7", "2:8", "3:1", "4:1", "5:1"));
    }
}
