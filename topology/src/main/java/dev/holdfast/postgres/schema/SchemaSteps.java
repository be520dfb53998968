package dev.holdfast.postgres.schema;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.SqlFragment;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.schema.CatalogState.Table;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.schema.Entity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The steps of schema changes on the primary, with their conditions on the catalog. */
final class SchemaSteps {

    static final Duration CHANGE = Duration.ofMinutes(2);

    /** The time limit of a server's answer; the result must be in the catalog within {@link #CHANGE}. */
    static final Duration BUILD = Duration.ofHours(6);

    private static final String LOCK_TIMEOUT = "500ms";
    private static final int ATTEMPTS = 20;

    private final PostgresCluster cluster;
    private final CatalogProbe look;
    private final Node primary;
    private final String about;

    SchemaSteps(PostgresCluster cluster, CatalogProbe look, Node primary) {
        this(cluster, look, primary, "");
    }

    private SchemaSteps(PostgresCluster cluster, CatalogProbe look, Node primary, String about) {
        this.about = about;
        this.cluster = cluster;
        this.look = look;
        this.primary = primary;
    }

    /** Builds a step for one table: when it fails, the changes of other tables still run. */
    SchemaSteps about(Entity entity) {
        return new SchemaSteps(cluster, look, primary, entity.id());
    }

    /** Builds a step of a database; these steps run in order, because parallel changes would wait for each other's locks. */
    Step.Builder step(String title, String because) {
        return step(title, because, 1);
    }

    /** @param session steps of different sessions run in parallel; they must not lock the same objects */
    Step.Builder step(String title, String because, int session) {
        String lane = session == 1 ? primary.id() : primary.id() + " (session " + session + ")";
        return Step.on(lane, title).about(about).because(because);
    }

    /** Builds one transaction of statements; each lock has a short timeout and retries. */
    Action change(String statements, Duration deadline) {
        return command(
                Script.of("postgres/schema-change.sql")
                        .with("statements", statements)
                        .with("lock_timeout", LOCK_TIMEOUT)
                        .with("attempts", ATTEMPTS),
                deadline);
    }

    Action change(String statements) {
        return change(statements, CHANGE);
    }

    Action concurrently(String statement) {
        return command(
                Script.of("postgres/schema-concurrently.sql").with("statement", new SqlFragment(statement)), BUILD);
    }

    private Action command(Script script, Duration deadline) {
        return new Action.RunSql(primary, look.login(), cluster.database(), script, Access.CHANGE, deadline);
    }

    Condition until(Entity entity, String description, Predicate<Table> holds) {
        return until(List.of(entity), description, (desired, table) -> holds.test(table));
    }

    /** @param holds condition for each entity with its table */
    Condition until(List<Entity> entities, String description, BiPredicate<Entity, Table> holds) {
        return new Condition(description, context -> {
            Map<String, Table> tables = look.some(context, primary, entities);
            for (Entity entity : entities) {
                Table table = tables.get(entity.id());
                if (table == null) {
                    return Condition.notYet("no such table" + (entities.size() > 1 ? ": " + entity.id() : ""));
                }
                if (!holds.test(entity, table)) {
                    return Condition.notYet("not yet" + (entities.size() > 1 ? ": " + entity.id() : ""));
                }
            }
            return Condition.holds(description);
        });
    }

    Condition untilObserved(String description, Predicate<CatalogState> holds) {
        return new Condition(description, context -> {
            CatalogState state = look.at(context);
            return holds.test(state) ? Condition.holds(description) : Condition.notYet("not yet");
        });
    }
}
