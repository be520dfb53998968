package dev.holdfast.cli.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The settings of Holdfast's own PostgreSQL sessions. They make the sessions independent of the defaults of a server, a
 * database or a role.
 *
 * <p>Holdfast sends them at session start as {@code options=-c name=value}, which overrides every default. PgBouncer refuses
 * them, so they are left out there. Scripts use {@code PGOPTIONS} for the same purpose.
 */
public final class SessionDefaults {

    /** The settings that any role can set. */
    private static final Map<String, String> OF_EVERY_SESSION = ofEverySession();

    private static final int TRANSACTION_TIMEOUT_SINCE = 17;

    private SessionDefaults() {}

    private static Map<String, String> ofEverySession() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("default_transaction_isolation", "read committed");
        settings.put("default_transaction_deferrable", "off");
        settings.put("statement_timeout", "0");
        settings.put("lock_timeout", "0");
        settings.put("idle_in_transaction_session_timeout", "0");
        settings.put("idle_session_timeout", "0");
        settings.put("standard_conforming_strings", "on");
        settings.put("IntervalStyle", "postgres");
        settings.put("quote_all_identifiers", "off");
        return settings;
    }

    /** Adds the settings of a session that manages servers to a driver's properties. */
    static void manage(Properties properties, boolean isSuperuser) {
        Map<String, String> settings = new LinkedHashMap<>(OF_EVERY_SESSION);
        settings.put("default_transaction_read_only", "off");
        // names without a schema: those of PostgreSQL first, then new ones in public; never an application's schema
        settings.put("search_path", "public");
        if (isSuperuser) {
            settings.put("lc_messages", "C");
        }
        properties.setProperty("options", options(settings));
    }

    /** Adds the settings of a session that writes as an application does. */
    public static void write(Properties properties) {
        properties.setProperty("options", options(OF_EVERY_SESSION));
    }

    private static String options(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(s -> "-c " + s.getKey() + "="
                        + s.getValue().replace("\\", "\\\\").replace(" ", "\\ "))
                .collect(Collectors.joining(" "));
    }

    /** Sets the settings that older servers do not know and therefore refuse at session start. */
    static void afterwards(Connection connection) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() >= TRANSACTION_TIMEOUT_SINCE) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET transaction_timeout = 0");
            }
        }
    }
}
