package dev.holdfast.postgres.state;

import dev.holdfast.engine.HostRecords;
import dev.holdfast.execution.ScriptFormat;

/** The records that a host reports about its PostgreSQL software and the directories of its members. */
public final class DirectoryRecords {

    /** {@code postgres/look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat(
            "postgres/look.sh",
            User.class,
            Programs.class,
            Closed.class,
            Database.class,
            Port.class,
            ProgramFile.class,
            Odd.class,
            Control.class,
            WalTimeline.class,
            WalEnd.class,
            File.class,
            Written.class,
            Mark.class);

    /** {@code postgres/rolechange-look.sh}, which also reports proxies. */
    public static final ScriptFormat ROLE_CHANGE = new ScriptFormat(
            "postgres/rolechange-look.sh",
            HostRecords.Node.class,
            User.class,
            Programs.class,
            Database.class,
            Port.class,
            Control.class,
            WalTimeline.class,
            WalEnd.class,
            File.class,
            Written.class,
            Mark.class,
            Preserved.class,
            Unread.class,
            ProxyRecords.Version.class,
            ProxyRecords.Silent.class,
            ProxyRecords.Route.class,
            ProxyRecords.DatabaseRoute.class,
            ProxyRecords.RestartRoute.class,
            ProxyRecords.Connection.class);

    private DirectoryRecords() {}

    /** The role in which a database would start. */
    public enum DatabaseRole {
        PRIMARY,
        STANDBY,
        RECOVERY
    }

    /** The kind of a line that Holdfast or a server has left in a member's directory, or of an obstacle there. */
    public enum MarkKind {
        FENCE,
        REWIND,
        REWOUND,
        HISTORY,
        TOOK,
        CHANGED,
        OTHER_WAL,
        OVERRIDE,
        KEPT,
        MOVED,
        LEFT,
        NEEDS,
        PATRONI,
        OWNER
    }

    record User(String name) {}

    record Programs(int major, String version, String folder) {}

    record Closed(String id, String folder) {}

    record Database(String id, int major, DatabaseRole role) {}

    record Port(String id, int port, String address) {}

    /** The program file of a running server, where a start would take another one. */
    record ProgramFile(String id, String running, String desired) {}

    record Odd(String id) {}

    record Control(
            String id,
            String systemIdentifier,
            String state,
            String checkpointLsn,
            int timeline,
            String recoveryLsn,
            int recoveryTimeline,
            String history) {}

    record WalTimeline(String id, int timeline) {}

    record WalEnd(String id, String lsn) {}

    record File(String id, String name, String line) {}

    record Written(String id, double seconds) {}

    record Mark(String id, MarkKind kind, String text) {}

    record Preserved(String id, long rows, long commits) {}

    record Unread(String id, String folder, String reason) {}
}
