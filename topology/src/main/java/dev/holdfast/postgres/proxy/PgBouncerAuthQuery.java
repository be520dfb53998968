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

/** The function with which PgBouncers look up passwords, in every database that clients connect to. */
public final class PgBouncerAuthQuery {

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final MemberConditions until;

    public PgBouncerAuthQuery(PostgresCluster cluster, MemberConditions until) {
        this.cluster = cluster;
        this.until = until;
    }

    /** Returns the steps that create the function on the primary, by database. */
    public List<Step> steps(PostgresState state, Node primary) {
        List<Step> steps = new ArrayList<>();
        for (String database : cluster.pooledDatabases()) {
            Optional<ActionResult> answer = Optional.ofNullable(state.lookups().get(database));
            if (cluster.poolers().isEmpty()
                    || answer.filter(PgBouncerAuthQuery::may).isPresent()) {
                continue;
            }
            steps.add(Step.on(primary.id(), "Create the PgBouncer password lookup in " + database)
                    .because("the function " + PgBouncerConfig.SCHEMA + ".get_auth "
                            + (answer.isPresent() ? "is missing or differs" : "does not exist in a new database"))
                    .type(PgBouncerActions.lookup(cluster, primary, database, "", Access.CHANGE, MOMENT))
                    .until(
                            until.answers(
                                    PgBouncerActions.lookup(
                                            cluster, primary, database, "-look", Access.LOOK, ClusterProbe.SOON),
                                    PostgresCluster.POOLER + " can look up passwords in " + database,
                                    PgBouncerAuthQuery::may),
                            MOMENT));
        }
        return steps;
    }

    private static boolean may(ActionResult answer) {
        return answer.isOk() && Boolean.TRUE.equals(answer.row().get("may"));
    }
}
