package dev.holdfast.cli.database;

import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.jdbc.PgArray;

/** Connections to single PostgreSQL servers, kept for the run; one thread at a time uses a connection. */
public final class PostgresConnections implements AutoCloseable {

    /** After this time a host that does not answer counts as unreachable. */
    private static final int CONNECT_SECONDS = 2;
    /** The SQLSTATE of a login that the driver rejects, for example because the server asks for no password. */
    private static final String REJECTED = "08004";

    private record ConnectionKey(String endpoint, boolean isPooled, String database, Credentials login) {}

    private final SecretStore secrets;
    private final Map<ConnectionKey, Deque<Connection>> idle = new ConcurrentHashMap<>();

    public PostgresConnections(SecretStore secrets) {
        this.secrets = secrets;
    }

    /** Runs the statements of a file one by one, each in its own transaction; returns the rows of the last query. */
    public ActionResult run(Action.RunSql action, String sql) {
        ConnectionKey connectionKey = new ConnectionKey(
                action.node().endpoint(),
                action.node().kind() == Node.Kind.PGBOUNCER,
                action.database(),
                action.login());
        Connection kept = kept(connectionKey);
        if (kept != null && isAlive(kept)) {
            return run(connectionKey, kept, action, sql);
        }
        drop(kept);
        try {
            return run(connectionKey, fresh(connectionKey, seconds(action)), action, sql);
        } catch (SQLException trouble) {
            return trouble.getCause() instanceof IOException unreached
                    ? ActionResult.silent(connectionKey.endpoint() + ": " + unreached.getMessage())
                    : refusedOrSilent(trouble);
        }
    }

    private ActionResult run(ConnectionKey connectionKey, Connection connection, Action.RunSql action, String sql) {
        try {
            connection.setNetworkTimeout(Runnable::run, (int) action.deadline().toMillis());
            ActionResult answer = ActionResult.ok(run(connection, sql));
            give(connectionKey, connection);
            return answer;
        } catch (SQLException trouble) {
            ActionResult answer = refusedOrSilent(trouble);
            // a change that failed halfway leaves session settings behind: no other action may use the session
            if (answer.isSilent() || answer.code().startsWith("57P") || action.intent() == Action.Access.CHANGE) {
                drop(connection);
            } else {
                give(connectionKey, connection);
            }
            return answer;
        }
    }

    private static ActionResult refusedOrSilent(SQLException trouble) {
        String state = trouble.getSQLState() == null ? "" : trouble.getSQLState();
        boolean lost = state.isEmpty() || state.startsWith("08") && !state.equals(REJECTED);
        return lost ? ActionResult.silent(trouble.getMessage()) : ActionResult.refused(state, trouble.getMessage());
    }

    private static int seconds(Action action) {
        return (int) Math.max(1, action.deadline().toSeconds());
    }

    private static List<Map<String, Object>> run(Connection connection, String sql) throws SQLException {
        List<Map<String, Object>> rows = List.of();
        for (NativeQuery query : Parser.parseJdbcSql(sql, true, false, true, false, false)) {
            if (query.nativeSql.isBlank()) {
                continue;
            }
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                if (statement.execute(query.nativeSql)) {
                    rows = rows(statement.getResultSet());
                }
            }
        }
        return rows;
    }

    private static List<Map<String, Object>> rows(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<Map<String, Object>> rows = new ArrayList<>();
        while (result.next()) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                row.put(columns.getColumnLabel(i), plain(result.getObject(i)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object plain(Object value) throws SQLException {
        if (value instanceof PgArray array) {
            return List.of((Object[]) array.getArray());
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    /** The server can have restarted since the connection was kept. A frozen server looks like a dead one here. */
    private static boolean isAlive(Connection connection) {
        try {
            return connection.isValid(1);
        } catch (SQLException dead) {
            return false;
        }
    }

    private Connection kept(ConnectionKey connectionKey) {
        Deque<Connection> waiting = idle.get(connectionKey);
        if (waiting == null) {
            return null;
        }
        synchronized (waiting) {
            return waiting.isEmpty() ? null : waiting.pop();
        }
    }

    private Connection fresh(ConnectionKey connectionKey, int seconds) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", connectionKey.login().user());
        properties.setProperty("password", secrets.value(connectionKey.login().password()));
        // a server that asks for a clear-text password, or for none, is not the server that Holdfast created
        properties.setProperty("requireAuth", "scram-sha-256");
        properties.setProperty("ApplicationName", "holdfast");
        properties.setProperty("connectTimeout", Integer.toString(Math.min(seconds, CONNECT_SECONDS)));
        properties.setProperty("socketTimeout", Integer.toString(seconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("assumeMinServerVersion", "14");
        if (!connectionKey.isPooled()) {
            SessionDefaults.manage(properties, connectionKey.login().user().equals(PostgresCluster.ADMIN));
        }
        Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://" + connectionKey.endpoint() + "/" + encoded(connectionKey), properties);
        if (!connectionKey.isPooled()) {
            SessionDefaults.afterwards(connection);
        }
        return connection;
    }

    private static String encoded(ConnectionKey connectionKey) {
        return java.net.URLEncoder.encode(connectionKey.database(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private void give(ConnectionKey connectionKey, Connection connection) {
        Deque<Connection> waiting = idle.computeIfAbsent(connectionKey, d -> new ArrayDeque<>());
        synchronized (waiting) {
            waiting.push(connection);
        }
    }

    private static void drop(Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException alreadyGone) {
                return;
            }
        }
    }

    @Override
    public void close() {
        idle.values().forEach(waiting -> waiting.forEach(PostgresConnections::drop));
        idle.clear();
    }
}
