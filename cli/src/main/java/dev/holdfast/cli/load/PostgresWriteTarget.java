package dev.holdfast.cli.load;

import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Node;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** The load generator's table in a PostgreSQL cluster. */
final class PostgresWriteTarget implements WriteTarget {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 10_000;

    private final ClientEndpoint.Sql endpoint;
    private final Workload workload;
    private final String table;
    private final String own;
    private final String password;
    private final ScriptRenderer words;

    PostgresWriteTarget(ClientEndpoint.Sql endpoint, Workload workload, int stream, SecretStore secrets) {
        this.endpoint = endpoint;
        this.workload = workload;
        this.table = "run_" + workload.run() + "_" + stream;
        this.own = workload.own(stream)
                .map(o -> o.words().replaceAll(":run\\b", "'" + workload.run() + "'"))
                .orElse("");
        this.password = secrets.value(endpoint.login().password());
        this.words = new ScriptRenderer(secrets);
    }

    @Override
    public void make() {
        execute(description("load-make"));
    }

    @Override
    public void clear() {
        execute(description("load-clear"));
    }

    private String description(String what) {
        return words.sql(Script.of("postgres/" + what + ".sql").with("table", table));
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(
                        PostgresWriter.url(endpoint), PostgresWriter.properties(endpoint, password, PATIENCE));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw trouble(failed);
        }
    }

    @Override
    public WorkloadWriter writer() {
        return new PostgresWriter(
                endpoint, password, description("load-write"), own, new byte[workload.payload()], workload.deadline());
    }

    @Override
    public ReadBackResult readBack(int stream, Node from) {
        ClientEndpoint.Sql direct =
                new ClientEndpoint.Sql(List.of(from), false, endpoint.login(), endpoint.database(), "");
        LongBuffer ids = new LongBuffer();
        LongBuffer positions = new LongBuffer();
        try (Connection connection = DriverManager.getConnection(
                PostgresWriter.url(direct), PostgresWriter.properties(direct, password, PATIENCE))) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(AT_ONCE);
                try (ResultSet rows = statement.executeQuery(description("load-read"))) {
                    while (rows.next()) {
                        ids.add(rows.getLong(1));
                        positions.add(rows.getLong(2));
                    }
                }
            }
        } catch (SQLException failed) {
            throw trouble(failed);
        }
        return new ReadBackResult(stream, from.id(), ids.toArray(), positions.toArray());
    }

    private HoldfastException trouble(SQLException failed) {
        return new HoldfastException(
                ExitCode.UNREACHABLE,
                "the load generator",
                "cannot prepare a table in " + endpoint.database() + ": " + failed.getMessage(),
                "check holdfast status");
    }

    @Override
    public void close() {}
}
