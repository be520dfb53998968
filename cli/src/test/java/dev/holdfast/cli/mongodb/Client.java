package dev.holdfast.cli.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.holdfast.cli.RealEstate;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.bson.Document;

/** A client of a real estate's MongoDB servers, such as any driver is. */
final class Client implements AutoCloseable {

    private final MongoClient client;

    private Client(String uri, MongoCredential credential) {
        MongoClientSettings.Builder settings =
                MongoClientSettings.builder().applyConnectionString(new ConnectionString(uri));
        if (credential != null) {
            settings.credential(credential);
        }
        client = MongoClients.create(settings.build());
    }

    static Client unauthenticated(String endpoint) {
        return new Client("mongodb://" + endpoint + "/?directConnection=true", null);
    }

    static Client as(String endpoint, MongoCredential credential) {
        return new Client("mongodb://" + endpoint + "/?directConnection=true", credential);
    }

    static Client admin(RealEstate estate, String cluster, String endpoint) {
        return admin(estate, cluster, endpoint, "directConnection=true");
    }

    static Client admin(RealEstate estate, String cluster, String endpoints, String options) {
        char[] password = secret(estate, cluster + ".admin").toCharArray();
        return new Client(
                "mongodb://" + endpoints + "/?" + options,
                MongoCredential.createCredential("holdfast", "admin", password));
    }

    private static String secret(RealEstate estate, String name) {
        try {
            return estate.secret(name);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    MongoClient driver() {
        return client;
    }

    Document admin(String command) {
        return command("admin", command);
    }

    Document command(String database, String command) {
        return client.getDatabase(database).runCommand(Document.parse(command));
    }

    /** The code a command is refused with; 0 when it is not. */
    int refusal(String command) {
        try {
            admin(command);
            return 0;
        } catch (MongoCommandException refused) {
            return refused.getErrorCode();
        }
    }

    Document config() {
        return admin("{replSetGetConfig: 1}").get("config", Document.class);
    }

    @Override
    public void close() {
        client.close();
    }
}
