package dev.holdfast.cli.hands;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketReadException;
import com.mongodb.MongoSocketWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ServerMonitoringMode;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** Connections to single MongoDB servers, one client per server and login, kept for the run. */
final class MongoSession implements AutoCloseable {

    private record Door(String endpoint, Login login) {}

    /** The connection was of a process that has ended; whoever is there now has not been asked. */
    static final Answer ENDED = Answer.silent("the server ended the connection");

    private final Secrets secrets;
    private final Map<Door, MongoClient> clients = new ConcurrentHashMap<>();

    MongoSession(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Runs the command given as extended JSON on the action's server; {@link #ENDED} when its connection was of another. */
    Answer run(Action.Command action, String json) {
        Door door = new Door(action.node().endpoint(), action.login());
        MongoClient client = clients.computeIfAbsent(door, this::open);
        try {
            return run(client, door, action, json);
        } catch (IllegalStateException closed) {
            // another question lost this server meanwhile and gave its client up
            clients.remove(door, client);
            return run(clients.computeIfAbsent(door, this::open), door, action, json);
        }
    }

    /** A client of its server is kept: it was there when that was made, and no question has lost it since. */
    boolean isKnown(Action.Command action) {
        return clients.containsKey(new Door(action.node().endpoint(), action.login()));
    }

    private Answer run(MongoClient client, Door door, Action.Command action, String json) {
        long limit = action.deadline().toMillis();
        try {
            Document reply = client.getDatabase(action.database())
                    .withTimeout(limit, TimeUnit.MILLISECONDS)
                    .runCommand(Document.parse(json));
            return Answer.ok(List.of(Bson.plain(reply)));
        } catch (MongoCommandException refused) {
            return Answer.refused(Integer.toString(refused.getErrorCode()), refused.getErrorMessage());
        } catch (MongoSecurityException refused) {
            forget(door, client);
            return notLoggedIn(refused);
        } catch (MongoSocketReadException | MongoSocketWriteException ended) {
            forget(door, client);
            return ENDED;
        } catch (MongoException silent) {
            forget(door, client);
            return Answer.silent(silent.getMessage());
        }
    }

    /** Brings archived operations to a server, as many at once as one message takes. */
    Answer pour(Action.Pour action, String json) {
        Door door = new Door(action.node().endpoint(), action.login());
        MongoClient client = clients.computeIfAbsent(door, this::open);
        try {
            return new OplogPour(client.getDatabase(action.database()), Document.parse(json)).from(action.folder());
        } catch (MongoSecurityException refused) {
            forget(door, client);
            return notLoggedIn(refused);
        } catch (MongoException silent) {
            forget(door, client);
            return Answer.silent(silent.getMessage());
        }
    }

    private static Answer notLoggedIn(MongoSecurityException refused) {
        return refused.getCause() instanceof MongoCommandException command
                ? Answer.refused(Integer.toString(command.getErrorCode()), command.getErrorMessage())
                : Answer.silent(refused.getMessage());
    }

    private MongoClient open(Door door) {
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString("mongodb://" + door.endpoint() + "/?directConnection=true"))
                .applicationName("holdfast")
                .retryWrites(false)
                .retryReads(false)
                // opened one after the other: what the first login has computed serves the others
                .applyToConnectionPoolSettings(p -> p.maxSize(4).maxConnecting(1))
                .applyToSocketSettings(s -> s.connectTimeout(3, TimeUnit.SECONDS))
                // a client is asked a few things; it need not hear at once how its server fares, which takes a second
                // connection
                .applyToServerSettings(s -> s.serverMonitoringMode(ServerMonitoringMode.POLL))
                .applyToClusterSettings(c -> c.serverSelectionTimeout(10, TimeUnit.SECONDS));
        if (!door.login().isNobody()) {
            settings.credential(MongoCredential.createScramSha256Credential(
                    door.login().user(),
                    door.login().source(),
                    secrets.value(door.login().password()).toCharArray()));
        }
        return MongoClients.create(settings.build());
    }

    /** A server that was lost may come back as another; its old client must not be asked again. */
    private void forget(Door door, MongoClient client) {
        clients.remove(door, client);
        client.close();
    }

    @Override
    public void close() {
        clients.values().forEach(MongoClient::close);
        clients.clear();
    }
}
