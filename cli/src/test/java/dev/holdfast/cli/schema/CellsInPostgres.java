package dev.holdfast.cli.schema;

import dev.holdfast.cli.schema.DictionaryCell.Accepted;
import dev.holdfast.cli.schema.DictionaryCell.Read;
import dev.holdfast.cli.schema.DictionaryCell.Write;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables of the dictionary's cells in a PostgreSQL server, in the database {@code payments}. */
public final class CellsInPostgres implements AutoCloseable {

    private final Connection connection;

    /** @param password of the superuser */
    public CellsInPostgres(String address, String password) throws SQLException {
        connection =
                DriverManager.getConnection("jdbc:postgresql://" + address + ":5432/payments", "postgres", password);
    }

    /** The dictionary of all cells, as YAML. */
    public static String dictionary() {
        return DictionaryCells.dictionary();
    }

    /** Writes the values of every cell; returns each one that the server accepts or refuses against the cell's row. */
    public List<String> differences() throws SQLException {
        List<String> wrong = new ArrayList<>();
        List<DictionaryCell> cells = DictionaryCells.all();
        for (int i = 0; i < cells.size(); i++) {
            for (Write write : cells.get(i).writes()) {
                boolean isDesired = write.by() == Accepted.BOTH || write.by() == Accepted.POSTGRESQL;
                String refusal = refusal(DictionaryCells.table(i), write);
                if (refusal.isEmpty() != isDesired) {
                    wrong.add(cells.get(i).name() + ": " + write.what() + ": " + refusal);
                }
            }
        }
        return wrong;
    }

    /** Returns why a row is refused; empty when it is accepted. */
    String refusal(String table, Write write) {
        boolean hasId = write.columns().startsWith("id");
        String columns = (hasId ? "n" : "id, n") + (write.columns().isEmpty() ? "" : ", ") + write.columns();
        String values = (hasId ? "" : "gen_random_uuid(), ") + "'" + write.what() + "'"
                + (write.columns().isEmpty() ? "" : ", ") + write.values();
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO cells." + table + " (" + columns + ") VALUES (" + values + ")");
            return "";
        } catch (SQLException refused) {
            return refused.getSQLState() + " " + refused.getMessage();
        }
    }

    List<String> found(String table, Read read) throws SQLException {
        return rows("SELECT n FROM cells." + table + " " + read.sql());
    }

    /** Columns, constraints and indexes of a table, as the published page shows them. */
    String definition(String table) throws SQLException {
        String named = "'cells." + table + "'::regclass";
        List<String> parts =
                rows("SELECT attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN"
                        + " ' NOT NULL' ELSE '' END || CASE WHEN attidentity <> '' THEN ' IDENTITY' ELSE '' END"
                        + " || COALESCE(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') FROM pg_attribute LEFT JOIN pg_attrdef"
                        + " ON adrelid = attrelid AND adnum = attnum WHERE attrelid = " + named
                        + " AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'n') ORDER BY attnum");
        parts.addAll(rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = " + named
                + " AND contype <> 'p' AND contype <> 'n' ORDER BY conname"));
        parts.addAll(
                rows(
                        "SELECT regexp_replace(pg_get_indexdef(indexrelid), 'INDEX .* USING', 'INDEX USING') FROM pg_index"
                                + " WHERE indrelid = " + named
                                + " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')) ORDER BY 1"));
        return String.join("<br>", parts);
    }

    /** The name of one index that is no constraint, with its schema. */
    public String anIndex() throws SQLException {
        return rows("SELECT indexrelid::regclass FROM pg_index WHERE indrelid::regclass::text LIKE 'cells.%' AND NOT EXISTS"
                        + " (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1")
                .get(0);
    }

    public void change(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of a query. */
    public List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
