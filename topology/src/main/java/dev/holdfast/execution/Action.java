package dev.holdfast.execution;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.time.Duration;

/** One script, statement, command or file for a host or server, as plain data that can be printed before it is sent. */
public sealed interface Action {

    /** LOOK changes nothing; CHANGE does. A context opened for reading refuses CHANGE. */
    enum Access {
        LOOK,
        CHANGE
    }

    Host host();

    Script script();

    Access intent();

    /** The time without an answer after which the result is SILENT. */
    Duration deadline();

    /** Returns the receiver for people: a host's name or a node's id. */
    String target();

    /** Returns the same action with a shorter deadline, if the limit is shorter. */
    default Action within(Duration limit) {
        Duration most = limit.compareTo(deadline()) < 0 ? limit : deadline();
        if (this instanceof RunScript a) {
            return new RunScript(a.host, a.script, a.intent, most);
        } else if (this instanceof WriteFile a) {
            return new WriteFile(a.host, a.path, a.script, a.mode, a.owner, most);
        } else if (this instanceof RunSql a) {
            return new RunSql(a.node, a.login, a.database, a.script, a.intent, most);
        } else if (this instanceof RunDocumentCommand a) {
            return new RunDocumentCommand(a.node, a.login, a.database, a.script, a.intent, most);
        } else if (this instanceof SearchOplogArchive a) {
            return new SearchOplogArchive(a.host, a.folder, a.script, most);
        }
        LoadOplog a = (LoadOplog) this;
        return new LoadOplog(a.node, a.login, a.database, a.folder, a.script, most);
    }

    /** A shell script on a host; the result contains its standard output and exit code. */
    record RunScript(Host host, Script script, Access intent, Duration deadline) implements Action {
        @Override
        public String target() {
            return host.name();
        }
    }

    /**
     * A file for a host, put in place completely or not at all (temporary file, fsync, rename).
     *
     * @param script the template of the content
     * @param mode octal permissions, e.g. {@code 0600}
     * @param owner the operating system user that owns the file; empty means Holdfast's own user, and {@code =} that of the
     *     present file
     */
    record WriteFile(Host host, String path, Script script, String mode, String owner, Duration deadline)
            implements Action {
        @Override
        public String target() {
            return host.name();
        }

        @Override
        public Access intent() {
            return Access.CHANGE;
        }
    }

    /** An SQL file for a database server; the result contains the rows of its last query. */
    record RunSql(Node node, Credentials login, String database, Script script, Access intent, Duration deadline)
            implements Action {
        @Override
        public Host host() {
            return node.host();
        }

        @Override
        public String target() {
            return node.id();
        }
    }

    /** A command as a document, for a database server over a direct connection; the result contains the reply. */
    record RunDocumentCommand(
            Node node, Credentials login, String database, Script script, Access intent, Duration deadline)
            implements Action {
        @Override
        public Host host() {
            return node.host();
        }

        @Override
        public String target() {
            return node.id();
        }
    }

    /**
     * A search of one replica set's archived operations, which are on the machine of Holdfast; the result has one row.
     *
     * @param folder the directory of the slices
     * @param script the range to read and what to search for
     */
    record SearchOplogArchive(Host host, String folder, Script script, Duration deadline) implements Action {
        @Override
        public String target() {
            return host.name();
        }

        @Override
        public Access intent() {
            return Access.LOOK;
        }
    }

    /**
     * One insert command, repeated until a server has received the archived operations in order.
     *
     * @param folder the directory of the slices
     * @param script the insert, with the cluster times {@code after} and {@code through} that bound the operations
     */
    record LoadOplog(Node node, Credentials login, String database, String folder, Script script, Duration deadline)
            implements Action {
        @Override
        public Host host() {
            return node.host();
        }

        @Override
        public String target() {
            return node.id();
        }

        @Override
        public Access intent() {
            return Access.CHANGE;
        }
    }
}
