package dev.holdfast.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Tables, views and defaults that other people made in a real PostgreSQL: one apply, then nothing to do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealTablesTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: tables-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              pay:
                engine: postgresql
                primary: a1
                database: pay
                schema: schema/shop.yaml
                settings: { shared_buffers: 32MB }
            """;

    private static final String DICTIONARY = """
            apiVersion: holdfast.dev/v1
            domain: shop
            store: postgresql
            entities:
              customer:
                key: id
                fields:
                  id: uuid
                  name: text(40)
              orders:
                key: [ id, year ]
                fields:
                  id: uuid
                  year: int
                  note: text(40)?
            """;

    private RealEstate estate;
    private Connection postgres;

    @BeforeAll
    void a_server_has_two_tables_and_one_of_them_is_partitioned_by_hand() throws Exception {
        estate = RealEstate.onHosts(TOPOLOGY, "127.102.1.");
        declare(DICTIONARY);
        applied();
        postgres = DriverManager.getConnection(
                "jdbc:postgresql://" + estate.address(1) + ":5432/pay", "postgres", estate.secret("pay.admin"));
        sql("DROP TABLE shop.orders");
        sql("CREATE TABLE shop.orders (id uuid NOT NULL, year integer NOT NULL, note varchar(40),"
                + " CONSTRAINT orders_pkey PRIMARY KEY (id, year)) PARTITION BY RANGE (year)");
        sql("CREATE TABLE shop.orders_2025 PARTITION OF shop.orders FOR VALUES FROM (2025) TO (2026)");
        sql("CREATE TABLE shop.\"orders 2026\" PARTITION OF shop.orders FOR VALUES FROM (2026) TO (2027)"
                + " PARTITION BY HASH (id)");
        sql(
                "CREATE TABLE shop.orders_2026_0 PARTITION OF shop.\"orders 2026\" FOR VALUES WITH (MODULUS 2, REMAINDER 0)");
        sql(
                "CREATE TABLE shop.orders_2026_1 PARTITION OF shop.\"orders 2026\" FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
        sql(
                "INSERT INTO shop.orders SELECT gen_random_uuid(), 2025 + n % 2, 'note ' || n FROM generate_series(1, 200) n");
        sql("INSERT INTO shop.customer VALUES (gen_random_uuid(), 'ann')");
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
        estate.close();
    }

    private void declare(String dictionary) throws IOException {
        Path schema = Files.createDirectories(estate.folder().resolve("schema"));
        Files.writeString(schema.resolve("shop.yaml"), dictionary);
    }

    private void applied() {
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        estate.settled();
    }

    private void sql(String statement) throws SQLException {
        try (Statement made = postgres.createStatement()) {
            made.execute(statement);
        }
    }

    private List<String> rows(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement made = postgres.createStatement();
                ResultSet result = made.executeQuery(query)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    @Test
    @Order(1)
    void partitions_of_a_table_are_no_tables_of_their_own() {
        Ended plan = estate.settled();
        assertThat(plan.out()).doesNotContain("orders_2025").doesNotContain("orders 2026");
    }

    @Test
    @Order(2)
    void an_index_on_a_partitioned_table_is_built_on_its_partitions_and_then_nothing_is_to_do() throws Exception {
        declare(DICTIONARY + "    indexes: [ note ]\n");
        Ended plan = estate.run("plan");
        assertThat(plan.out()).as(plan.toString()).containsIgnoringCase("build the index orders_note_idx");
        applied();
        assertThat(rows("SELECT x.indisvalid FROM pg_index x WHERE x.indexrelid = 'shop.orders_note_idx'::regclass"))
                .containsExactly("t");
        assertThat(rows("SELECT count(*) FROM pg_partition_tree('shop.orders_note_idx') WHERE isleaf"))
                .containsExactly("3");
        assertThat(rows("SELECT count(*) FROM pg_indexes WHERE schemaname = 'shop' AND indexdef LIKE '%(note)%'"))
                .as("no partition has the index twice")
                .containsExactly("5");
    }

    @Test
    @Order(3)
    void another_index_on_a_partitioned_table_replaces_it_when_it_is_allowed() throws Exception {
        declare(DICTIONARY + "    indexes: [ { on: [ note, year ], name: orders_note_idx } ]\n");
        Ended applied =
                estate.run("schema", "apply", "pay", "--allow=rebuild-index:shop.orders.orders_note_idx", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        estate.settled();
        declare(DICTIONARY + "    indexes: [ note ]\n");
        applied = estate.run("schema", "apply", "pay", "--allow=rebuild-index:shop.orders.orders_note_idx", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        estate.settled();
    }

    @Test
    @Order(4)
    void a_required_column_without_a_default_is_refused_because_a_partition_has_rows() throws Exception {
        declare(DICTIONARY + "      paid: bool\n    indexes: [ note ]\n");
        Ended plan = estate.run("plan");
        assertThat(plan.out() + plan.err()).contains("has rows, and the new field paid is not optional");
        declare(DICTIONARY + "    indexes: [ note ]\n");
        estate.settled();
    }

    @Test
    @Order(5)
    void constraints_converge_although_roles_and_the_database_have_another_search_path() throws Exception {
        sql("CREATE SCHEMA other");
        sql("CREATE TABLE other.customer (id uuid PRIMARY KEY)");
        sql("ALTER ROLE postgres SET search_path = shop, other, public");
        sql("ALTER DATABASE pay SET search_path = other, shop");
        String references =
                DICTIONARY.replace("note: text(40)?", "note: text(40)?\n      customer_id: \"-> customer?\"")
                        + "    indexes: [ note, customer_id ]\n    checks: { named: note or customer_id }\n";
        declare(references);
        applied();
        assertThat(rows("SELECT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
                        + " AND conrelid = 'shop.orders'::regclass"))
                .as("the session of this test has the foreign search path")
                .containsExactly("shop.customer");
        sql("ALTER ROLE postgres RESET search_path");
        sql("ALTER DATABASE pay RESET search_path");
        estate.settled();
    }

    @Test
    @Order(6)
    void a_wider_column_that_a_view_uses_is_refused_at_plan_and_the_rest_is_done() throws Exception {
        sql("CREATE VIEW shop.\"names of\" AS SELECT name FROM shop.customer");
        String wider = Files.readString(estate.folder().resolve("schema/shop.yaml"))
                .replace("name: text(40)", "name: text(80)\n      city: text(20)?");
        declare(wider);
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.out() + plan.err())
                .contains("PostgreSQL keeps the type of name")
                .contains("the view shop.\"names of\" uses it")
                .contains("Add column shop.customer.city")
                .doesNotContain("Change the type of shop.customer.name");
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isNotZero();
        assertThat(
                        rows(
                                "SELECT attname FROM pg_attribute WHERE attrelid = 'shop.customer'::regclass AND attname = 'city'"))
                .hasSize(1);
        sql("DROP VIEW shop.\"names of\"");
        applied();
        assertThat(rows("SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                        + " WHERE attrelid = 'shop.customer'::regclass AND attname = 'name'"))
                .containsExactly("character varying(80)");
    }
}
