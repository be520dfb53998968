package dev.holdfast.cli.hands;

import dev.holdfast.ledger.Found;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Entrance;
import dev.holdfast.plan.Workload;
import dev.holdfast.world.Script;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A table of the witness in a PostgreSQL cluster. */
final class PostgresGround implements Ground {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 10_000;

    private final Entrance.Postgres entrance;
    private final Workload workload;
    private final String table;
    private final String own;
    private final String password;
    private final Words words;

    PostgresGround(Entrance.Postgres entrance, Workload workload, int stream, Secrets secrets) {
        this.entrance = entrance;
        this.workload = workload;
        this.table = "run_" + workload.run() + "_" + stream;
        this.own = workload.own(stream)
                .map(o -> o.words().replaceAll(":run\\b", "'" + workload.run() + "'"))
                .orElse("");
        this.password = secrets.value(entrance.login().password());
        this.words = new Words(secrets);
    }

    @Override
    public void make() {
        say(said("witness-make"));
    }

    @Override
    public void clear() {
        say(said("witness-clear"));
    }

    private String said(String what) {
        return words.sql(Script.of("postgres/" + what + ".sql").with("table", table));
    }

    private void say(String sql) {
        try (Connection connection = DriverManager.getConnection(
                        PostgresWriter.url(entrance), PostgresWriter.properties(entrance, password, PATIENCE));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw trouble(failed);
        }
    }

    @Override
    public Writer writer() {
        return new PostgresWriter(
                entrance, password, said("witness-write"), own, new byte[workload.payload()], workload.deadline());
    }

    @Override
    public Found readBack(int stream, Node from) {
        Entrance.Postgres direct =
                new Entrance.Postgres(List.of(from), false, entrance.login(), entrance.database(), "");
        LongList ids = new LongList();
        LongList positions = new LongList();
        try (Connection connection = DriverManager.getConnection(
                PostgresWriter.url(direct), PostgresWriter.properties(direct, password, PATIENCE))) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(AT_ONCE);
                try (ResultSet rows = statement.executeQuery(said("witness-read"))) {
                    while (rows.next()) {
                        ids.add(rows.getLong(1));
                        positions.add(rows.getLong(2));
                    }
                }
            }
        } catch (SQLException failed) {
            throw trouble(failed);
        }
        return new Found(stream, from.id(), ids.toArray(), positions.toArray());
    }

    private Trouble trouble(SQLException failed) {
        return new Trouble(
                Exit.UNREACHABLE,
                "the witness",
                "the place of its writes in " + entrance.database() + ": " + failed.getMessage(),
                "look at holdfast status");
    }

    @Override
    public void close() {}
}
