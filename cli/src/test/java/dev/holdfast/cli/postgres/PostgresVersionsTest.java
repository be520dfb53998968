package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.schema.CellsInPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One primary of each PostgreSQL version that Debian 12 and 13 do not have. Its archive holds {@code postgres}, {@code initdb}
 * and {@code pg_ctl} only, so nothing is cloned, rewound or backed up here.
 */
@Tag("real")
class PostgresVersionsTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: versions-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              payments:
                engine: postgresql
                primary: a1
                database: payments
                binaries: BINARIES
                users:
                  clerk: { roles: [ pg_read_all_data ] }
                schema: schema/cells.yaml
                settings: { shared_buffers: 32MB }
            """;

    /** Holdfast asks the programs of a host for their version by {@code pg_controldata}, and needs it for stopped servers. */
    private static final String CONTROL_DATA = """
            #!/bin/sh
            [ "$1" = --version ] || { echo "pg_controldata is not in this archive" >&2; exit 1; }
            "${0%/*}/postgres" --version | sed 's/^postgres/pg_controldata/'
            """;

    @ParameterizedTest
    @ValueSource(ints = {14, 16, 18})
    void a_primary_and_its_schema_are_built_compared_and_changed(int major) throws Exception {
        try (RealEstate estate = RealEstate.ofText(TOPOLOGY)) {
            Path binaries = binaries(estate.folder(), major);
            String text = estate.text().replace("BINARIES", binaries.toString());
            Files.createDirectories(estate.folder().resolve("schema"));
            Path schema = Files.writeString(estate.folder().resolve("schema/cells.yaml"), CellsInPostgres.dictionary());
            estate.rewrite(text);

            estate.applyAsPlanned();
            estate.settled();
            assertThat(estate.whenHealthy().json().path("healthy").asBoolean()).isTrue();
            try (CellsInPostgres cells = new CellsInPostgres(estate.address(1), estate.secret("payments.admin"))) {
                assertThat(cells.rows("SHOW server_version_num").get(0)).startsWith(String.valueOf(major));
                assertThat(cells.differences()).isEmpty();
                cells.change("DROP INDEX " + cells.anIndex());
            }
            Ended plan = estate.run("plan", "--detailed-exitcode");
            assertThat(plan.exit()).as(plan.toString()).isEqualTo(2);
            estate.applyAsPlanned();
            estate.settled();

            Files.writeString(schema, Files.readString(schema) + "  added: { key: id, fields: { id: uuid } }\n");
            estate.rewrite(text.replace("32MB }", "40MB, work_mem: 5MB, max_connections: 60 }"));
            Ended changed = estate.applyAsPlanned();
            assertThat(changed.out()).contains("payments");
            estate.settled();
            try (CellsInPostgres cells = new CellsInPostgres(estate.address(1), estate.secret("payments.admin"))) {
                assertThat(cells.rows("SELECT setting FROM pg_settings WHERE name = 'max_connections'"))
                        .containsExactly("60");
                assertThat(cells.rows("SELECT count(*) FROM cells.added")).containsExactly("0");
            }
        }
    }

    /** Unpacks the server's archive; returns the directory of its programs. */
    private static Path binaries(Path folder, int major) throws IOException, InterruptedException {
        Path jar = RealEstate.repositoryFolder().resolve("cli/target/postgres/" + major + ".jar");
        Path archive = folder.resolve("postgres.txz");
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e -> e.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow();
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, archive);
            }
        }
        Path unpacked = Files.createDirectory(folder.resolve("postgres"));
        Process tar = new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", unpacked.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).as("tar -xJ").isZero();
        Path programs = unpacked.resolve("bin");
        for (String name : new String[] {"pg_controldata", "pg_basebackup"}) {
            Path program = Files.writeString(programs.resolve(name), CONTROL_DATA);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
        return programs;
    }
}
