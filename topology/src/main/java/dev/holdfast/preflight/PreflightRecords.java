package dev.holdfast.preflight;

import dev.holdfast.engine.HostRecords;
import dev.holdfast.execution.ScriptFormat;

/** The records of {@code host/preflight.sh}. */
public final class PreflightRecords {

    public static final ScriptFormat LOOK = new ScriptFormat(
            "host/preflight.sh",
            Machine.class,
            Clock.class,
            Login.class,
            Account.class,
            Folder.class,
            Program.class,
            Address.class,
            Port.class,
            Link.class,
            Setting.class);

    private PreflightRecords() {}

    /** @param key the same for hosts that share their network; empty when unknown */
    public record Machine(String key) {}

    /** The two ends of the script. */
    public enum Moment {
        BEGIN,
        END
    }

    /** @param seconds since 1970, by the clock of the host */
    public record Clock(Moment at, double seconds) {}

    /** An answer of a host to a question. */
    public enum Choice {
        YES,
        NO
    }

    /** The user that Holdfast logs in as. */
    public record Login(String user, Choice root) {}

    /** Whether an operating system user exists. */
    public enum Presence {
        PRESENT,
        ABSENT
    }

    /** The operating system user of a server. */
    public record Account(String name, Presence state) {}

    /** Whether this user can write into a directory. */
    public enum Access {
        WRITABLE,
        CLOSED,
        READ_ONLY
    }

    /** Whether the user of a server can search a directory. */
    public enum Search {
        OPEN,
        CLOSED,
        UNKNOWN
    }

    /**
     * A directory of a node.
     *
     * @param user of its server
     * @param nearest the directory itself, or its first parent that exists
     * @param type of its file system; empty when unknown
     * @param free KiB; empty when unknown
     */
    public record Folder(
            String path, String user, String nearest, Access access, Search search, String type, String free) {}

    /**
     * A program; one of this name may be there in several versions.
     *
     * @param path empty when it is not found
     * @param version empty when it is unknown or was not asked for
     */
    public record Program(String name, String path, String version) {}

    /** @param value one of the addresses of a name; empty when it has none */
    public record Address(String name, String value) {}

    /** A port of this host. */
    public record Port(String address, int port, HostRecords.PortState state) {}

    /** The result of a connection. */
    public enum LinkState {
        CONNECTED,
        REFUSED,
        BLOCKED,
        UNRESOLVED,
        UNTESTED
    }

    /** A connection to a port of another host. */
    public record Link(String address, int port, LinkState state, String reason) {}

    /** @param value empty when it is unknown */
    public record Setting(String name, String value) {}
}
