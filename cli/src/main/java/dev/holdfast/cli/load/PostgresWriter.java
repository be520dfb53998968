package dev.holdfast.cli.load;

import dev.holdfast.cli.database.SessionDefaults;
import dev.holdfast.model.Node;
import dev.holdfast.plan.ClientEndpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Collectors;

/** A PostgreSQL client with one connection, which is opened again for the next write when it was lost. */
final class PostgresWriter implements WorkloadWriter {

    private final String url;
    private final Properties properties;
    private final String atConnecting;
    private final String inTransaction;
    private final String insert;
    private final String own;
    private final byte[] payload;
    private final int deadlineMillis;
    private Connection connection;
    private PreparedStatement statement;

    /**
     * @param insert the statement with the number and the payload
     * @param own the user's statement in the same transaction, with the number as {@code :id}; empty for none
     */
    PostgresWriter(
            ClientEndpoint.Sql endpoint,
            String password,
            String insert,
            String own,
            byte[] payload,
            Duration deadline) {
        this.own = own;
        this.url = url(endpoint);
        this.properties = properties(endpoint, password, deadline);
        String level = endpoint.synchronousCommit();
        this.atConnecting = level.isEmpty() || isPooled(endpoint) ? "" : "SET synchronous_commit = " + level;
        this.inTransaction = level.isEmpty() || !isPooled(endpoint) ? "" : "SET LOCAL synchronous_commit = " + level;
        this.insert = insert;
        this.payload = payload;
        this.deadlineMillis = (int) deadline.toMillis();
    }

    static String url(ClientEndpoint.Sql endpoint) {
        String seeds = endpoint.seeds().stream().map(n -> n.endpoint()).collect(Collectors.joining(","));
        return "jdbc:postgresql://" + seeds + "/"
                + java.net.URLEncoder.encode(endpoint.database(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Behind PgBouncer the server's session belongs to another client after each transaction. */
    private static boolean isPooled(ClientEndpoint.Sql endpoint) {
        return endpoint.seeds().stream().anyMatch(n -> n.kind() == Node.Kind.PGBOUNCER);
    }

    static Properties properties(ClientEndpoint.Sql endpoint, String password, Duration deadline) {
        String seconds = Long.toString(Math.max(1, deadline.toSeconds()));
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.login().user());
        properties.setProperty("password", password);
        properties.setProperty("requireAuth", "scram-sha-256");
        properties.setProperty("ApplicationName", "holdfast-witness");
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("assumeMinServerVersion", "14");
        if (isPooled(endpoint)) {
            properties.setProperty("prepareThreshold", "0");
        } else {
            SessionDefaults.write(properties);
        }
        if (endpoint.choosesPrimary()) {
            properties.setProperty("targetServerType", "primary");
            // otherwise the driver waits ten seconds before it tries a promoted standby again
            properties.setProperty("hostRecheckSeconds", "1");
        }
        return properties;
    }

    @Override
    public Result write(long id) {
        try {
            connect();
        } catch (SQLException notThere) {
            drop();
            return PostgresWriteClassifier.notConnected(notThere);
        }
        try {
            execute(inTransaction);
            execute(own.replaceAll(":id\\b", Long.toString(id)));
            statement.setLong(1, id);
            statement.setBytes(2, payload);
            statement.executeUpdate();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            Result result = PostgresWriteClassifier.returned(statement.getWarnings(), connection.getWarnings());
            statement.clearWarnings();
            connection.clearWarnings();
            return result;
        } catch (SQLException failed) {
            drop();
            return PostgresWriteClassifier.failed(failed);
        }
    }

    private void connect() throws SQLException {
        if (connection != null) {
            return;
        }
        connection = DriverManager.getConnection(url, properties);
        connection.setNetworkTimeout(Runnable::run, deadlineMillis);
        execute(atConnecting);
        connection.setAutoCommit(own.isEmpty() && inTransaction.isEmpty());
        statement = connection.prepareStatement(insert);
    }

    private void execute(String words) throws SQLException {
        if (!words.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(words);
            }
        }
    }

    private void drop() {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException alreadyGone) {
                statement = null;
            }
            connection = null;
        }
    }

    @Override
    public void close() {
        drop();
    }
}
