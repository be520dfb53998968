package dev.holdfast.cli.database;

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
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.oplog.OplogLoader;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;

/** Connections to single MongoDB servers, with one client per server and login, kept for the run. */
public final class MongoConnections implements AutoCloseable {

    private record ConnectionKey(String endpoint, Credentials login) {}

    /** The connection belonged to a process that has ended; the process that runs now was not asked. */
    public static final ActionResult ENDED = ActionResult.silent("the server ended the connection");

    private static final int UNAUTHORIZED = 13;

    private final SecretStore secrets;
    private final Map<ConnectionKey, MongoClient> clients = new ConcurrentHashMap<>();

    public MongoConnections(SecretStore secrets) {
        this.secrets = secrets;
    }

    /** Runs a command in extended JSON on the action's server; {@link #ENDED} when the connection belonged to another process. */
    public ActionResult run(Action.RunDocumentCommand action, String json) {
        ConnectionKey connectionKey = new ConnectionKey(action.node().endpoint(), action.login());
        MongoClient client = clients.computeIfAbsent(connectionKey, this::open);
        try {
            return run(client, connectionKey, action, json);
        } catch (IllegalStateException closed) {
            // another action lost this server in the meantime and closed its client
            clients.remove(connectionKey, client);
            return again(connectionKey, action, json);
        }
    }

    /** Runs a command with a new client. Where other actions lose that one, too, the server answers none of them. */
    private ActionResult again(ConnectionKey connectionKey, Action.RunDocumentCommand action, String json) {
        MongoClient client = clients.computeIfAbsent(connectionKey, this::open);
        try {
            return run(client, connectionKey, action, json);
        } catch (IllegalStateException closedToo) {
            clients.remove(connectionKey, client);
            return ActionResult.silent("the server answers no query");
        }
    }

    /** Keeps a client of a server: the server was there when it was made, and no action has lost it since. */
    public boolean isKnown(Action.RunDocumentCommand action) {
        return clients.containsKey(new ConnectionKey(action.node().endpoint(), action.login()));
    }

    private static final Set<String> READS = Set.of("find", "aggregate", "count", "distinct");

    private ActionResult run(
            MongoClient client, ConnectionKey connectionKey, Action.RunDocumentCommand action, String json) {
        long limit = action.deadline().toMillis();
        try {
            Document reply = client.getDatabase(action.database())
                    .withTimeout(limit, TimeUnit.MILLISECONDS)
                    // passed unchanged: a Document would need a representation for UUIDs
                    .runCommand(withConcern(action.intent(), BsonDocument.parse(json)));
            return ActionResult.ok(List.of(BsonValues.plain(reply)));
        } catch (MongoCommandException refused) {
            if (refused.getErrorCode() == UNAUTHORIZED && !connectionKey.login().isAnonymous()) {
                // a member that rolls back drops the users of its connections, which stay open: the next action logs in
                // again
                forget(connectionKey, client);
            }
            return ActionResult.refused(
                    Integer.toString(refused.getErrorCode()),
                    shards(refused.getResponse()) + refused.getErrorMessage());
        } catch (MongoSecurityException refused) {
            forget(connectionKey, client);
            return notLoggedIn(refused);
        } catch (MongoSocketReadException | MongoSocketWriteException ended) {
            forget(connectionKey, client);
            return ENDED;
        } catch (MongoException silent) {
            forget(connectionKey, client);
            return ActionResult.silent(DriverMessage.of(silent));
        }
    }

    /**
     * A probe reads what a server has now. Under the cluster's default read concern it would wait for a majority, which can be
     * down.
     */
    static BsonDocument withConcern(Action.Access intent, BsonDocument command) {
        String name = command.getFirstKey();
        if (intent == Action.Access.LOOK && READS.contains(name) && !command.containsKey("readConcern")) {
            command.put("readConcern", new BsonDocument("level", new BsonString("local")));
        }
        return command;
    }

    /** A router reports in {@code raw} which shards refused the command that it sent to all of them. */
    static String shards(BsonDocument response) {
        if (!response.isDocument("raw")) {
            return "";
        }
        String names = response.getDocument("raw").entrySet().stream()
                .filter(e -> e.getValue().isDocument())
                .filter(e -> e.getValue().asDocument().containsKey("errmsg"))
                .map(e -> e.getKey().replaceFirst("/.*", ""))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "shard " + names + ": ";
    }

    /** Sends archived operations to a server, as many at once as one message holds. */
    public ActionResult loadOplog(Action.LoadOplog action, String json) {
        ConnectionKey connectionKey = new ConnectionKey(action.node().endpoint(), action.login());
        MongoClient client = clients.computeIfAbsent(connectionKey, this::open);
        try {
            return new OplogLoader(client.getDatabase(action.database()), Document.parse(json)).from(action.folder());
        } catch (MongoSecurityException refused) {
            forget(connectionKey, client);
            return notLoggedIn(refused);
        } catch (MongoException silent) {
            forget(connectionKey, client);
            return ActionResult.silent(DriverMessage.of(silent));
        }
    }

    private static ActionResult notLoggedIn(MongoSecurityException refused) {
        return refused.getCause() instanceof MongoCommandException command
                ? ActionResult.refused(Integer.toString(command.getErrorCode()), command.getErrorMessage())
                : ActionResult.silent(DriverMessage.of(refused));
    }

    private MongoClient open(ConnectionKey connectionKey) {
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyConnectionString(
                        new ConnectionString("mongodb://" + connectionKey.endpoint() + "/?directConnection=true"))
                .applicationName("holdfast")
                .retryWrites(false)
                .retryReads(false)
                // opened one after the other: the others reuse what the first login has computed
                .applyToConnectionPoolSettings(p -> p.maxSize(4).maxConnecting(1))
                .applyToSocketSettings(s -> s.connectTimeout(3, TimeUnit.SECONDS))
                // a client runs a few actions; it does not need server monitoring, which takes a second connection
                .applyToServerSettings(s -> s.serverMonitoringMode(ServerMonitoringMode.POLL))
                .applyToClusterSettings(c -> c.serverSelectionTimeout(10, TimeUnit.SECONDS));
        if (!connectionKey.login().isAnonymous()) {
            settings.credential(MongoCredential.createScramSha256Credential(
                    connectionKey.login().user(),
                    connectionKey.login().source(),
                    secrets.value(connectionKey.login().password()).toCharArray()));
        }
        return MongoClients.create(settings.build());
    }

    /** A server that was lost can come back as another process; its old client must not be used again. */
    private void forget(ConnectionKey connectionKey, MongoClient client) {
        clients.remove(connectionKey, client);
        client.close();
    }

    @Override
    public void close() {
        clients.values().forEach(MongoClient::close);
        clients.clear();
    }
}
