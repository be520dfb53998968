package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The function by which PgBouncers look up how clients prove who they are: in every database that these come into. */
final class PoolerLookup {

    static final String SCHEMA = "pgbouncer";

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final Until until;

    PoolerLookup(PostgresCluster cluster, Until until) {
        this.cluster = cluster;
        this.until = until;
    }

    /** What the primary must have so that passwords can be checked, database by database. */
    List<Step> steps(PostgresSeen seen, Node primary) {
        List<Step> steps = new ArrayList<>();
        for (String database : cluster.pooledDatabases()) {
            Optional<Answer> answer = Optional.ofNullable(seen.lookups().get(database));
            if (cluster.poolers().isEmpty() || answer.filter(PoolerLookup::may).isPresent()) {
                continue;
            }
            steps.add(Step.on(primary.id(), "Let PgBouncer look up passwords in the database " + database)
                    .because("it checks them by the function " + SCHEMA + ".get_auth, which "
                            + (answer.isPresent() ? "is not there as it is meant" : "a new database does not have"))
                    .type(lookup(cluster, primary, database, "", Intent.CHANGE, MOMENT))
                    .until(
                            until.answers(
                                    lookup(cluster, primary, database, "-look", Intent.LOOK, PostgresProbes.SOON),
                                    PostgresCluster.POOLER + " may look up passwords in " + database,
                                    PoolerLookup::may),
                            MOMENT));
        }
        return steps;
    }

    private static boolean may(Answer answer) {
        return answer.isOk() && Boolean.TRUE.equals(answer.row().get("may"));
    }

    /** @param kind what is said of the function: nothing to make it, {@code -look} to ask for it */
    static Action lookup(
            PostgresCluster cluster, Node primary, String database, String kind, Intent intent, Duration deadline) {
        Script script = Script.of("postgres/pooler-lookup" + kind + ".sql")
                .with("schema", SCHEMA)
                .with("role", PostgresCluster.POOLER)
                .with("owner", PostgresCluster.ADMIN)
                .with(
                        "body",
                        Script.of("postgres/pooler-lookup-body.txt")
                                .with("replicator", PostgresCluster.REPLICATION)
                                .with("rewinder", PostgresCluster.REWIND));
        return new Action.Sql(primary, PostgresProbes.admin(cluster), database, script, intent, deadline);
    }
}
