package dev.holdfast.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.schema.DictionaryCell.Accepted;
import dev.holdfast.cli.schema.DictionaryCell.Read;
import dev.holdfast.cli.schema.DictionaryCell.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type, option and index kind of the dictionary, on a real MongoDB and a real PostgreSQL, written to and read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealDictionaryTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: cells-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                replicaSet: [ a1 ]
                schema: schema/cells.yaml
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  setParameter.ttlMonitorSleepSecs: 1
              payments:
                engine: postgresql
                primary: a1
                database: payments
                schema: schema/cells.yaml
                settings: { shared_buffers: 32MB }
            """;

    private static final List<DictionaryCell> CELLS = DictionaryCells.all();
    private static final String MONGODB = "mongodb";
    private static final String POSTGRESQL = "postgresql";

    /** Cells of which nothing is to be said, and which hold nothing else. */
    private static final List<String> SAME = List.of(
            "uuid",
            "text",
            "url",
            "enum A|B",
            "number",
            "bool",
            "json",
            "point",
            "list of bool",
            "list of uuid",
            "list of url",
            "list of enum A|B",
            "checks: f != g, of texts",
            "kind: text",
            "kind: geo",
            "kind: wildcard of json");

    private RealEstate estate;
    private MongoClient mongo;
    private CellsInPostgres postgres;

    @BeforeAll
    void both_engines_get_the_same_dictionary() throws Exception {
        estate = RealEstate.ofText(TOPOLOGY);
        Path schema = Files.createDirectories(estate.folder().resolve("schema"));
        Files.writeString(schema.resolve("cells.yaml"), DictionaryCells.dictionary());
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        mongo = MongoClients.create("mongodb://holdfast:" + estate.secret("social.admin") + "@" + estate.address(1)
                + ":27017/?directConnection=true&authSource=admin&uuidRepresentation=standard");
        postgres = new CellsInPostgres(estate.address(1), estate.secret("payments.admin"));
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        if (mongo != null) {
            mongo.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        estate.close();
    }

    private MongoDatabase cells() {
        return mongo.getDatabase("cells");
    }

    static Stream<Arguments> cells_of_both() {
        return IntStream.range(0, CELLS.size())
                .boxed()
                .flatMap(i -> Stream.of(
                        Arguments.of(i, CELLS.get(i).name(), MONGODB),
                        Arguments.of(i, CELLS.get(i).name(), POSTGRESQL)));
    }

    @ParameterizedTest(name = "{1} on {2}")
    @Order(1)
    @MethodSource("cells_of_both")
    void a_cell_does_what_its_row_states(int number, String cell, String engine) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Write write : CELLS.get(number).writes()) {
            boolean isDesired = write.by() == Accepted.BOTH
                    || write.by() == (engine.equals(MONGODB) ? Accepted.MONGODB : Accepted.POSTGRESQL);
            String refused = engine.equals(MONGODB)
                    ? document(DictionaryCells.table(number), write)
                    : postgres.refusal(DictionaryCells.table(number), write);
            if (refused.isEmpty() != isDesired) {
                wrong.add(write.what() + ": wanted " + (isDesired ? "accepted" : "refused") + ", is "
                        + (refused.isEmpty() ? "accepted" : "refused: " + refused));
            }
        }
        if (cell.contains("ttl") && engine.equals(POSTGRESQL)) {
            assertThat(estate.run("schema", "purge", "payments", "--yes").exit())
                    .isZero();
        }
        for (Read read : CELLS.get(number).reads()) {
            List<String> desired = engine.equals(MONGODB) ? read.mongodb() : read.postgresql();
            if (cell.contains("ttl") && engine.equals(MONGODB)) {
                Patience.until(
                        "the TTL monitor has run",
                        () -> found(number, read, engine).equals(desired));
            }
            List<String> found = found(number, read, engine);
            if (!found.equals(desired)) {
                wrong.add(read.what() + ": wanted " + desired + ", is " + found);
            }
        }
        assertThat(wrong).as(cell + " on " + engine).isEmpty();
    }

    /** Returns why a document is refused; empty when it is accepted. */
    private String document(String collection, Write write) {
        String id = write.document().startsWith("id: ") ? "" : "id: {$uuid: '" + UUID.randomUUID() + "'}, ";
        String text = "{" + id + "n: '" + write.what() + "'" + (write.document().isEmpty() ? "" : ", ")
                + write.document() + "}";
        try {
            cells().getCollection(collection).insertOne(Document.parse(text));
            return "";
        } catch (MongoWriteException refused) {
            assertThat(refused.getCode()).as(refused.getMessage()).isIn(121, 11000);
            return refused.getMessage();
        }
    }

    private List<String> found(int number, Read read, String engine) throws SQLException {
        if (engine.equals(POSTGRESQL)) {
            return postgres.found(DictionaryCells.table(number), read);
        }
        List<String> found = new ArrayList<>();
        try {
            cells().runCommand(Document.parse(read.find().formatted(DictionaryCells.table(number))))
                    .get("cursor", Document.class)
                    .getList("firstBatch", Document.class)
                    .forEach(d -> found.add(d.getString("n")));
        } catch (MongoException failed) {
            found.add(failed.getMessage());
        }
        return found;
    }

    @Test
    @Order(2)
    void what_was_built_is_found_again_and_nothing_is_to_do() {
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
    }

    /** The engines differ in nothing that validate does not say where both keep the same entity. */
    @Test
    @Order(3)
    void validate_states_each_difference() {
        List<String> warnings = new ArrayList<>();
        for (JsonNode problem : estate.run("validate", "-o", "json").json().path("problems")) {
            if (problem.path("what").asText().contains("with different meaning")) {
                warnings.add(problem.path("what").asText());
            }
        }
        Set<String> differing = new TreeSet<>();
        Set<String> defined = new TreeSet<>();
        for (int i = 0; i < CELLS.size(); i++) {
            DictionaryCell cell = CELLS.get(i);
            String named = "cells." + DictionaryCells.table(i) + " " + cell.name();
            String entity = "cells\\." + DictionaryCells.table(i) + "(?![0-9]).*";
            if (cell.differs() || !cell.messages().isEmpty()) {
                differing.add(named);
            }
            if (warnings.stream().anyMatch(w -> w.matches("(?s).*" + entity))) {
                defined.add(named);
            }
            for (String words : cell.messages()) {
                assertThat(warnings).as(named).anyMatch(w -> w.contains(words) && w.matches("(?s).*" + entity));
            }
        }
        assertThat(defined).containsAll(differing);
        assertThat(defined.stream().map(n -> n.substring("cells.c00 ".length())))
                .doesNotContainAnyElementsOf(SAME);
    }

    @Test
    @Order(4)
    void the_published_table_is_what_the_servers_keep() throws Exception {
        DictionaryPage page = new DictionaryPage();
        for (int i = 0; i < CELLS.size(); i++) {
            page.row(CELLS.get(i), inMongo(DictionaryCells.table(i)), postgres.definition(DictionaryCells.table(i)));
        }
        page.mustBePublished();
    }

    private String inMongo(String collection) {
        Document options = cells().runCommand(
                        new Document("listCollections", 1).append("filter", new Document("name", collection)))
                .get("cursor", Document.class)
                .getList("firstBatch", Document.class)
                .get(0)
                .get("options", Document.class);
        List<String> parts = new ArrayList<>();
        Document validator = options.get("validator", Document.class);
        Document schema = validator.get("$jsonSchema", Document.class);
        schema.get("properties", Document.class).forEach((field, rule) -> {
            if (!List.of("_id", "id", "n").contains(field)) {
                parts.add(field + ": " + ((Document) rule).toJson());
            }
        });
        List<String> required = new ArrayList<>(schema.getList("required", String.class));
        required.remove("id");
        parts.add("required: " + required);
        for (Document strange : validator.getList("$nor", Document.class)) {
            if (!strange.containsKey("id")) {
                parts.add("not " + strange.toJson().replaceAll("\\{\"\\$binary\": [^}]*}}", "(a UUID)"));
            }
        }
        if (validator.containsKey("$expr")) {
            parts.add("$expr: " + validator.get("$expr", Document.class).toJson());
        }
        cells().getCollection(collection).listIndexes().forEach(index -> {
            if (!List.of("_id_", collection + "_pkey").contains(index.getString("name"))) {
                index.remove("v");
                index.remove("name");
                parts.add("index " + index.toJson());
            }
        });
        return String.join("<br>", parts);
    }

    /** @throws IOException when the page cannot be read */
    @Test
    @Order(5)
    void the_page_of_the_dictionary_names_the_table() throws IOException {
        assertThat(Files.readString(RealEstate.repositoryFolder().resolve("examples/SCHEMA.md")))
                .contains("(DICTIONARY.md)");
    }
}
