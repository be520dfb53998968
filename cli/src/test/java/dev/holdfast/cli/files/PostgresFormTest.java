package dev.holdfast.cli.files;

import static dev.holdfast.cli.files.Written.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.SecretRef;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.ClusterOptions;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to write a PostgreSQL cluster. */
@Tag("unit")
class PostgresFormTest {

    private static PostgresCluster postgres(String keys) {
        return (PostgresCluster)
                clusters("books: { engine: postgresql, " + keys + " }").cluster("books");
    }

    @Test
    void standbys_are_a_map_of_modes_a_map_in_full_or_a_list() {
        for (String standbys : new String[] {
            "{ b1: sync, c1: async }",
            "{ b1: { mode: sync }, c1: { mode: async } }",
            "[ b1, { host: c1, mode: async } ]"
        }) {
            assertThat(postgres("primary: a1, standbys: " + standbys).members())
                    .as(standbys)
                    .extracting(m -> m.node().name() + " " + m.role())
                    .containsExactly("a1 SYNC", "b1 SYNC", "c1 ASYNC");
        }
    }

    @Test
    void a_version_is_a_text_that_the_servers_can_have() {
        assertThat(postgres("primary: a1, version: \"15.4\"").version().text()).isEqualTo("15.4");
        assertThat(postgres("primary: a1").version().isDeclared()).isFalse();
        assertThat(wrong("version: 15")).contains("write it in quotes");
        assertThat(wrong("version: \"new\"")).contains("is not a version").contains("such as \"15\"");
        assertThat(wrong("version: \"13\""))
                .contains("PostgreSQL 13 is not supported; Holdfast supports 14, 15, 16, 17, 18");
        assertThat(wrong("version: \"17\", binaries: /usr/lib/postgresql/15/bin"))
                .contains("the declared version is 17, and a1 has the binaries of PostgreSQL 15");
        assertThat(wrong("version: \"17\", settings: { old_snapshot_threshold: 1min }"))
                .contains("ERROR")
                .contains("PostgreSQL 17 and later do not know the parameter old_snapshot_threshold");
        assertThat(wrong("version: \"15\", settings: { old_snapshot_threshold: 1min }"))
                .doesNotContain("old_snapshot_threshold");
        assertThat(wrong("settings: { old_snapshot_threshold: 1min }"))
                .contains("WARN")
                .contains("old_snapshot_threshold");
    }

    @Test
    void a_declared_version_names_the_package_of_the_server() {
        PostgresCluster declared = postgres("primary: a1, version: \"15.4\"");
        assertThat(declared.packages(declared.servers().get(0))).containsExactly("postgresql-15");
        PostgresCluster any = postgres("primary: a1");
        assertThat(any.packages(any.servers().get(0))).containsExactly("postgresql");
    }

    private static String wrong(String keys) {
        return clusters("books: { engine: postgresql, primary: a1, " + keys + " }")
                .description();
    }

    @Test
    void a_host_has_its_own_directory_of_programs_and_others_that_of_the_cluster() {
        PostgresCluster cluster = (PostgresCluster) Written.text(Written.estate(
                                "books: { engine: postgresql, primary: a1, standbys: [ b1 ], binaries: /opt/all }")
                        .replace(
                                "zone: zone-b,", "zone: zone-b, binaries: { postgresql: /opt/own/, mongodb: /opt/m },"))
                .cluster("books");
        assertThat(cluster.servers())
                .extracting(n -> cluster.binaries(n.host()))
                .containsExactly("/opt/all", "/opt/own");
    }

    @Test
    void disaster_recovery_copies_have_a_role_of_their_own() {
        assertThat(postgres("primary: a1, standbys: { b1: sync }, dr: { c1: async }")
                        .members()
                        .get(2)
                        .role())
                .isEqualTo(MemberRole.DR);
        assertThat(postgres("primary: a1, dr: [ c1 ]").members().get(1).role()).isEqualTo(MemberRole.DR);
    }

    @Test
    void a_repository_on_a_host_of_its_own_is_reached_by_servers_and_one_that_is_a_folder_is_not() {
        PostgresCluster apart = postgres("primary: a1, standbys: { b1: sync },"
                + " backup: { full: weekly, archive: continuous, repository: { host: c1, path: /b, port: 9000 } }");
        assertThat(apart.repositoryServers())
                .extracting(n -> n.id() + " " + n.port())
                .containsExactly("books/repository/c1 9000", "books/repository/a1 9000", "books/repository/b1 9000");

        String same = "primary: a1, backup: { full: weekly, archive: continuous, repository: ";
        assertThat(postgres(same + "{ host: a1, path: /b } }").repositoryServers())
                .isEmpty();
        assertThat(postgres(same + "/b }").repositoryServers()).isEmpty();
    }

    @Test
    void backups_and_clients_are_read_once() {
        PostgresCluster cluster = postgres("primary: a1, clients: [ 10.1.0.0/16 ],"
                + " backup: { full: weekly, incremental: daily, archive: continuous, archiveEvery: 30s, keep: 14d,"
                + " encryption: env:PHRASE, repository: { host: a1, path: /b } }");
        Optional<Duration> weekly = Optional.of(Duration.ofDays(7));
        Optional<Duration> daily = Optional.of(Duration.ofDays(1));
        Optional<Duration> keep = Optional.of(Duration.ofDays(14));
        Duration every = Duration.ofSeconds(30);
        SecretRef phrase = new SecretRef("books/backup/encryption");
        assertThat(cluster.options().repository())
                .contains(
                        new BackupRepository("/b", weekly, Optional.empty(), daily, every, keep, Optional.of(phrase)));
        assertThat(cluster.precaution())
                .contains(new BackupPolicy(
                        "/clusters/books/backup/archiveEvery", Optional.of(every), Optional.empty(), weekly, keep));
        assertThat(cluster.options().clients()).contains(List.of("10.1.0.0/16"));
        assertThat(cluster.secrets()).contains(phrase);
        assertThat(postgres("primary: a1").options()).isEqualTo(ClusterOptions.NONE);
        assertThat(postgres("primary: a1, backup: { full: weekly }")
                        .precaution()
                        .orElseThrow())
                .satisfies(p -> assertThat(p.behind()).isEqualTo(weekly))
                .satisfies(p -> assertThat(p.folder()).isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "standbys: { b1: sync }, objectives: { rpo: 0s } | PROTECT | 1",
                "standbys: { b1: sync }, objectives: { rpo: 1m } | AVAILABLE | 1",
                "standbys: { b1: sync } | AVAILABLE | 1",
                "standbys: { b1: async } | FAST | 0",
                "dr: { b1: async } | FAST | 0",
                "standbys: { b1: sync }, durability: fast | FAST | 1"
            })
    void durability_follows_from_what_is_there_unless_it_is_declared(String keys, Durability durability, int count) {
        PostgresCluster cluster = postgres("primary: a1, " + keys);
        assertThat(cluster.durability()).isEqualTo(durability);
        assertThat(cluster.synchronous().count()).isEqualTo(count);
    }

    @Test
    void commits_wait_for_the_first_or_for_any() {
        PostgresCluster cluster = postgres("primary: a1, standbys: { b1: sync, c1: sync }, synchronous: ANY 2");
        assertThat(cluster.synchronous()).isEqualTo(new Synchronous(Synchronous.Method.ANY, 2));
    }

    @Test
    void settings_are_kept_as_they_are_written() {
        assertThat(postgres(
                                "primary: a1, settings: { jit: off, work_mem: 64MB, max_connections: 200, checkpoint_completion_target: 0.90,"
                                        + " pg_stat_statements: { track: all }, archive_cleanup_command: \"\", unix_socket_permissions: 0770 }")
                        .settings())
                .isEqualTo(Map.of(
                        "jit", "off",
                        "work_mem", "64MB",
                        "max_connections", "200",
                        "checkpoint_completion_target", "0.90",
                        "pg_stat_statements.track", "all",
                        "archive_cleanup_command", "",
                        "unix_socket_permissions", "0770"));
    }

    @Test
    void a_database_is_called_like_its_cluster_unless_named() {
        assertThat(postgres("primary: a1").database()).isEqualTo("books");
        assertThat(postgres("primary: a1, database: ledger").database()).isEqualTo("ledger");
    }

    @Test
    void a_proxy_has_two_endpoints() {
        PostgresCluster cluster = postgres("primary: a1, proxy: [ a1, { host: b1, port: 6000, readPort: 6001 }, a1 ]");
        assertThat(cluster.proxies())
                .extracting(p -> p.node().id() + " " + p.node().port() + " " + p.readPort())
                .containsExactly(
                        "books/proxies/a1 5000 5001", "books/proxies/b1 6000 6001", "books/proxies/a1-2 5002 5003");
    }

    @Test
    void a_pgbouncer_has_one_and_may_run_next_to_a_haproxy() {
        PostgresCluster cluster = postgres("primary: a1, proxy: [ a1, { host: a1, kind: pgbouncer },"
                + " { host: b1, kind: pgbouncer, port: 6000 }, { host: b1, kind: haproxy } ]");
        assertThat(cluster.poolers())
                .extracting(p ->
                        p.node().id() + " " + p.node().port() + " " + p.node().kind())
                .containsExactly("books/proxies/a1-2 6432 PGBOUNCER", "books/proxies/b1 6000 PGBOUNCER");
        assertThat(cluster.haproxies())
                .extracting(p -> p.node().id() + " " + p.node().port() + " " + p.readPort())
                .containsExactly("books/proxies/a1 5000 5001", "books/proxies/b1-2 5000 5001");
        assertThat(cluster.pooledDatabases()).containsExactly("books", "postgres");
        assertThat(cluster.secrets()).contains(cluster.poolerPassword());
    }
}
