package dev.holdfast.postgres.probe;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The queries of a role change to servers, with short deadlines. */
final class RoleChangeQueries {

    static final Duration SOON = Duration.ofSeconds(2);
    /** The deadline of a script that reads the end of WAL. */
    static final Duration READING_LOG = Duration.ofSeconds(20);
    /** The shorter deadline for a server that did not answer before. */
    private static final Duration SOONER = Duration.ofSeconds(1);

    private final PostgresCluster cluster;
    private final Set<Node> slow = ConcurrentHashMap.newKeySet();

    RoleChangeQueries(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    /** Records that a server did not answer, so that later queries wait less for it. */
    void slow(Node server) {
        slow.add(server);
    }

    boolean isSlow(Node server) {
        return slow.contains(server);
    }

    ActionResult server(ExecutionContext context, Node node) {
        return context.ask(sql(node, "rolechange-look", isSlow(node) ? SOONER : SOON));
    }

    Action sql(Node node, String file, Duration deadline) {
        return new Action.RunSql(
                node,
                PostgresCredentials.admin(cluster),
                PostgresCluster.ADMIN,
                Script.of("postgres/" + file + ".sql"),
                Access.LOOK,
                deadline);
    }
}
