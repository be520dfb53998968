package dev.holdfast.plan;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Optional;

/** The endpoint by which clients write, and the acknowledgement that they request. */
public sealed interface ClientEndpoint {

    /** Returns the servers that a client lists, in order; any of them can be down. */
    List<Node> seeds();

    Credentials login();

    String database();

    /** Returns what an acknowledgement promises, in the engine's terms: {@code w:majority}, {@code synchronous_commit=on}. */
    String level();

    /**
     * An endpoint for documents: the routers of a sharded cluster, or the members of a replica set.
     *
     * @param replicaSet the set's name; empty for routers
     * @param shard the shard that stores the database; empty for a replica set
     * @param w a number as text, or {@code majority}
     */
    record Documents(
            List<Node> seeds,
            String replicaSet,
            String shard,
            Credentials login,
            String database,
            String w,
            Optional<Boolean> journal)
            implements ClientEndpoint {
        public Documents {
            seeds = List.copyOf(seeds);
        }

        @Override
        public String level() {
            return "w:" + w + journal.map(j -> ", j:" + j).orElse("");
        }
    }

    /**
     * An endpoint for SQL: the write endpoints of the proxies, or the servers themselves with the driver choosing the primary.
     *
     * @param choosesPrimary whether the driver finds the primary among the seeds
     * @param synchronousCommit the session's setting; empty leaves the server's
     */
    record Sql(List<Node> seeds, boolean choosesPrimary, Credentials login, String database, String synchronousCommit)
            implements ClientEndpoint {
        public Sql {
            seeds = List.copyOf(seeds);
        }

        @Override
        public String level() {
            return synchronousCommit.isEmpty()
                    ? "the server's synchronous_commit"
                    : "synchronous_commit=" + synchronousCommit;
        }
    }
}
