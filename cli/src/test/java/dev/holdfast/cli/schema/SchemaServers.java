package dev.holdfast.cli.schema;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
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
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.UuidRepresentation;

/** A real sharded cluster of two shards and a real PostgreSQL, both given the dictionary of SwapSkill. */
final class SchemaServers implements AutoCloseable {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: schema-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                configServers: [ a1 ]
                shards: { shard-a: [ a1 ], shard-b: [ a1 ] }
                routers: [ a1 ]
                defaults: { writeConcern: majority, readConcern: majority }
                schema: [ schema/social.yaml, schema/payments.yaml ]
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
              payments:
                engine: postgresql
                primary: a1
                database: payments
                users: { shop: {} }
                schema: [ schema/social.yaml, schema/payments.yaml ]
                settings: { shared_buffers: 32MB }
            """;

    final RealEstate estate;
    private final MongoClient mongo;
    private final Connection postgres;

    SchemaServers() throws IOException, SQLException {
        estate = RealEstate.ofText(TOPOLOGY);
        Path source = RealEstate.repositoryFolder().resolve("examples/swapskill/schema");
        Files.createDirectories(estate.folder().resolve("schema"));
        for (String file : List.of("social.yaml", "payments.yaml")) {
            write(file, Files.readString(source.resolve(file)));
        }
        Ended applied = estate.run("apply", "--yes");
        if (applied.exit() != 0) {
            estate.close();
            throw new IllegalStateException(applied.toString());
        }
        mongo = MongoClients.create(MongoClientSettings.builder()
                .uuidRepresentation(UuidRepresentation.STANDARD)
                .applyConnectionString(new ConnectionString("mongodb://" + estate.address(1) + ":27017"))
                .credential(MongoCredential.createCredential(
                        "holdfast", "admin", secret("social.admin").toCharArray()))
                .build());
        postgres = connect();
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + estate.address(1) + ":5432/payments", "postgres", secret("payments.admin"));
    }

    String secret(String name) {
        try (Stream<Path> files = Files.walk(estate.folder().resolve("home"))) {
            return Files.readString(
                    files.filter(f -> f.endsWith(name)).findFirst().orElseThrow());
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    String read(String file) throws IOException {
        return Files.readString(estate.folder().resolve("schema").resolve(file));
    }

    void write(String file, String text) throws IOException {
        Files.writeString(estate.folder().resolve("schema").resolve(file), text);
    }

    /** Other words in a dictionary file; closing it puts the first ones back. */
    interface Edit extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** Replaces words of a dictionary file for as long as the answer is open. */
    Edit edited(String file, String words, String others) throws IOException {
        String before = read(file);
        if (!before.contains(words)) {
            throw new IllegalArgumentException(file + " has no " + words);
        }
        write(file, before.replace(words, others));
        return () -> write(file, before);
    }

    Ended plan(String cluster, String... more) {
        return schema("plan", cluster, more);
    }

    Ended apply(String cluster, String... more) {
        List<String> words = new ArrayList<>(List.of(more));
        words.add("--yes");
        return schema("apply", cluster, words.toArray(String[]::new));
    }

    private Ended schema(String verb, String cluster, String... more) {
        List<String> words = new ArrayList<>(List.of("schema", verb, cluster));
        words.addAll(List.of(more));
        return estate.run(words.toArray(String[]::new));
    }

    /** Steps and drifts of a plan, one line each. */
    static List<String> found(Ended plan) {
        return plan.out()
                .lines()
                .filter(l -> l.matches("  [-+~*!] .*") || l.startsWith("drift:"))
                .toList();
    }

    MongoDatabase mongo(String database) {
        return mongo.getDatabase(database);
    }

    List<Document> indexes(String database, String collection) {
        return mongo.getDatabase(database)
                .getCollection(collection)
                .listIndexes()
                .into(new ArrayList<>());
    }

    /** The code a document is refused with; 0 when it is taken. */
    int insert(String collection, Document document) {
        try {
            mongo.getDatabase("social").getCollection(collection).insertOne(document);
            return 0;
        } catch (MongoWriteException refused) {
            return refused.getError().getCode();
        } catch (MongoCommandException refused) {
            return refused.getErrorCode();
        }
    }

    /** The SQLSTATE that statements are refused with; empty when they are done. */
    String sql(String statements) {
        try (Statement statement = postgres.createStatement()) {
            statement.execute(statements);
            return "";
        } catch (SQLException refused) {
            return refused.getSQLState();
        }
    }

    List<String> rows(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    @Override
    public void close() throws IOException, SQLException {
        mongo.close();
        postgres.close();
        estate.close();
    }
}
