package dev.holdfast.postgres.state;

import dev.holdfast.execution.ScriptFormat;

/** The records that a host reports about its proxies. */
public final class ProxyRecords {

    /** {@code haproxy/look.sh}. */
    public static final ScriptFormat HAPROXY = new ScriptFormat(
            "haproxy/look.sh",
            Inputs.class,
            Edited.class,
            Stale.class,
            Version.class,
            Route.class,
            Silent.class,
            Closed.class);

    /** {@code pgbouncer/look.sh}. */
    public static final ScriptFormat PGBOUNCER = new ScriptFormat(
            "pgbouncer/look.sh",
            Inputs.class,
            Edited.class,
            Version.class,
            DatabaseRoute.class,
            RestartRoute.class,
            Connection.class,
            Setting.class,
            Silent.class,
            Closed.class);

    private ProxyRecords() {}

    /** The state of a route: clients are served, wait, or are refused. */
    public enum PoolState {
        OPEN,
        PAUSED,
        DISABLED
    }

    /** Whether a server of an HAProxy gets sessions. */
    enum RouteState {
        READY,
        CLOSED
    }

    record Inputs(String id, String text) {}

    record Edited(String id) {}

    record Stale(String id) {}

    record Version(String version) {}

    record Route(String id, String backend, String server, RouteState state) {}

    record Silent(String id) {}

    record Closed(String id, String folder) {}

    record DatabaseRoute(String id, String database, String endpoint, PoolState state) {}

    record RestartRoute(String id, String database, String endpoint) {}

    record Connection(String id, String database, String endpoint, String pid) {}

    record Setting(String id, String name, String value) {}
}
