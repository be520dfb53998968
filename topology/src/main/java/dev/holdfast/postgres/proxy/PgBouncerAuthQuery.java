package dev.holdfast.postgres.proxy;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.PgBouncerActions;
import dev.holdfast.postgres.configuration.PgBouncerConfig;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The function by which PgBouncers look up how clients prove who they are: in every database that these come into. */
public final class PgBouncerAuthQuery {

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final MemberConditions until;

    public PgBouncerAuthQuery(PostgresCluster cluster, MemberConditions until) {
        this.cluster = cluster;
        this.until = until;
    }

    /** What the primary must have so that passwords can be checked, database by database. */
    public List<Step> steps(PostgresState state, Node primary) {
        List<Step> steps = new ArrayList<>();
        for (String database : cluster.pooledDatabases()) {
            Optional<ActionResult> answer = Optional.ofNullable(state.lookups().get(database));
            if (cluster.poolers().isEmpty()
                    || answer.filter(PgBouncerAuthQuery::may).isPresent()) {
                continue;
            }
            steps.add(Step.on(primary.id(), "Let PgBouncer look up passwords in the database " + database)
                    .because("it checks them by the function " + PgBouncerConfig.SCHEMA + ".get_auth, which "
                            + (answer.isPresent() ? "is not there as it is meant" : "a new database does not have"))
                    .type(PgBouncerActions.lookup(cluster, primary, database, "", Access.CHANGE, MOMENT))
                    .until(
                            until.answers(
                                    PgBouncerActions.lookup(
                                            cluster, primary, database, "-look", Access.LOOK, ClusterProbe.SOON),
                                    PostgresCluster.POOLER + " may look up passwords in " + database,
                                    PgBouncerAuthQuery::may),
                            MOMENT));
        }
        return steps;
    }

    private static boolean may(ActionResult answer) {
        return answer.isOk() && Boolean.TRUE.equals(answer.row().get("may"));
    }
}
