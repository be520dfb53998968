package dev.holdfast.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Points are PostGIS's own where a database has the extension. Its packages are large: scripts/setup does not bring them. */
@Tag("long")
class PostgisTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: postgis-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              places:
                engine: postgresql
                durability: fast
                primary: a1
                database: places
                schema: places.yaml
                settings: { shared_buffers: 16MB }
            """;
    private static final String DICTIONARY = """
            apiVersion: holdfast.dev/v1
            domain: town
            store: postgresql
            entities:
              stop:
                key: stop_id
                fields:
                  stop_id: uuid
                  name: text(80)
                  at: point
                indexes:
                  - { on: at, kind: geo }
            """;

    private static boolean isInstalled() throws IOException {
        Path extensions = Path.of("/usr/share/postgresql");
        if (!Files.isDirectory(extensions)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(extensions, 3)) {
            return all.anyMatch(f -> f.endsWith("extension/postgis.control"));
        }
    }

    @Test
    void points_are_built_as_geography_where_the_database_has_postgis() throws Exception {
        assumeTrue(isInstalled(), "PostGIS is not installed here");
        try (RealEstate estate = RealEstate.ofText(TOPOLOGY.replace("    schema:", "    # schema:"))) {
            done(estate.run("apply", "--yes"));
            try (Connection database = connect(estate)) {
                ask(database, "CREATE EXTENSION postgis");
                Files.writeString(estate.folder().resolve("places.yaml"), DICTIONARY);
                estate.rewrite(TOPOLOGY);

                done(estate.run("apply", "--yes"));

                assertThat(ask(
                                database,
                                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                                        + " WHERE attrelid = 'town.stop'::regclass AND attname = 'at'"))
                        .containsExactly("geography(Point,4326)");
                assertThat(
                                ask(
                                        database,
                                        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'town.stop'::regclass"))
                        .anyMatch(d -> d.contains("USING gist (at)"));
                ask(
                        database,
                        "INSERT INTO town.stop VALUES (gen_random_uuid(), 'Lille', 'SRID=4326;POINT(3.06 50.63)')");
                assertThat(ask(
                                database,
                                "SELECT name FROM town.stop WHERE ST_DWithin(at, 'SRID=4326;POINT(3.07 50.63)', 1000)"))
                        .containsExactly("Lille");
                assertThat(estate.run("schema", "plan", "--detailed-exitcode").exit())
                        .isZero();
            }
        }
    }

    private static void done(Ended ended) {
        assertThat(ended.exit()).as(ended.toString()).isZero();
    }

    private static Connection connect(RealEstate estate) throws Exception {
        String password = Files.readString(estate.folder().resolve("home/postgis-test/secrets/places.admin"));
        return DriverManager.getConnection(
                "jdbc:postgresql://" + estate.address(1) + ":5432/places", "postgres", password);
    }

    private static List<String> ask(Connection connection, String sql) throws Exception {
        List<String> answers = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                ResultSet rows = statement.getResultSet();
                while (rows.next()) {
                    answers.add(rows.getString(1));
                }
            }
        }
        return answers;
    }
}
