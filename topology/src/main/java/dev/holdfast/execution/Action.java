package dev.holdfast.execution;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.time.Duration;

/** One thing to say to the outside, as plain data that can be read before it is done. */
public sealed interface Action {

    /** LOOK changes nothing; CHANGE does. A world opened for reading refuses CHANGE. */
    enum Access {
        LOOK,
        CHANGE
    }

    Host host();

    Script script();

    Access intent();

    /** After this long without an answer the answer is SILENT. */
    Duration deadline();

    /** Whom it is said to, for people: a host's name or a node's id. */
    String target();

    /** The same, with at most so long for its answer. */
    default Action within(Duration limit) {
        Duration most = limit.compareTo(deadline()) < 0 ? limit : deadline();
        if (this instanceof RunScript a) {
            return new RunScript(a.host, a.script, a.intent, most);
        } else if (this instanceof WriteFile a) {
            return new WriteFile(a.host, a.path, a.script, a.mode, a.owner, most);
        } else if (this instanceof RunSql a) {
            return new RunSql(a.node, a.login, a.database, a.script, a.intent, most);
        } else if (this instanceof RunMongoCommand a) {
            return new RunMongoCommand(a.node, a.login, a.database, a.script, a.intent, most);
        } else if (this instanceof SearchOplogArchive a) {
            return new SearchOplogArchive(a.host, a.folder, a.script, most);
        }
        LoadOplog a = (LoadOplog) this;
        return new LoadOplog(a.node, a.login, a.database, a.folder, a.script, most);
    }

    /** Run a shell script on a host; answers its standard output and its exit code. */
    record RunScript(Host host, Script script, Access intent, Duration deadline) implements Action {
        @Override
        public String target() {
            return host.name();
        }
    }

    /**
     * Put a file on a host, whole or not at all (temporary file, fsync, rename).
     *
     * @param script the template of the content
     * @param mode octal permissions, e.g. {@code 0600}
     * @param owner operating system user that shall own it; empty means whoever Holdfast is there
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

    /** Run one SQL file on a PostgreSQL server; answers the rows of its last query. */
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

    /** Run one database command on a MongoDB server, connected to it alone; answers the reply document. */
    record RunMongoCommand(
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
     * Ask the archived operations of one replica set, which lie where Holdfast itself runs; answers one row.
     *
     * @param folder of the slices
     * @param script the question: from where to where to read, and what to look for
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
     * Say one insert to a MongoDB server as often as it takes to bring it archived operations, in their order.
     *
     * @param folder of the slices
     * @param script the insert, with the cluster times {@code after} and {@code through} that bound what is brought
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
