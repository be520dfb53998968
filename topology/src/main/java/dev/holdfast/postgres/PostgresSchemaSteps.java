package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.PostgresSchemaSeen.Table;
import dev.holdfast.schema.Entity;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Script;
import dev.holdfast.world.Wording;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** How a change of the schema is said to the primary, and how it is seen in the catalogue afterwards. */
final class PostgresSchemaSteps {

    static final Duration CHANGE = Duration.ofMinutes(2);

    /** How long a server may take to answer; what it has answered is seen in the catalogue within {@link #CHANGE}. */
    static final Duration BUILD = Duration.ofHours(6);

    private static final String LOCK_TIMEOUT = "500ms";
    private static final int ATTEMPTS = 20;

    private final PostgresCluster cluster;
    private final PostgresSchemaLook look;
    private final Node primary;

    PostgresSchemaSteps(PostgresCluster cluster, PostgresSchemaLook look, Node primary) {
        this.cluster = cluster;
        this.look = look;
        this.primary = primary;
    }

    /** Steps of a database are done in order: parallel changes would wait for each other's locks. */
    Step.Draft step(String title, String because) {
        return step(title, because, 1);
    }

    /** @param session steps of different ones are done side by side; they must not lock the same objects */
    Step.Draft step(String title, String because, int session) {
        String lane = session == 1 ? primary.id() : primary.id() + " (session " + session + ")";
        return Step.on(lane, title).because(because);
    }

    /** Statements that are one change: all of them or none, each lock waited for shortly and asked for again. */
    Action change(String statements, Duration deadline) {
        return said(
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
        return said(Script.of("postgres/schema-concurrently.sql").with("statement", new Wording(statement)), BUILD);
    }

    private Action said(Script script, Duration deadline) {
        return new Action.Sql(primary, look.login(), cluster.database(), script, Intent.CHANGE, deadline);
    }

    Condition until(Entity entity, String says, Predicate<Table> holds) {
        return until(List.of(entity), says, (wanted, table) -> holds.test(table));
    }

    /** @param holds of every one of the entities, with its table */
    Condition until(List<Entity> entities, String says, BiPredicate<Entity, Table> holds) {
        return new Condition(says, world -> {
            Map<String, Table> tables = look.some(world, primary, entities);
            for (Entity entity : entities) {
                Table table = tables.get(entity.id());
                if (table == null) {
                    return Condition.notYet("no such table" + (entities.size() > 1 ? ": " + entity.id() : ""));
                }
                if (!holds.test(entity, table)) {
                    return Condition.notYet("not yet" + (entities.size() > 1 ? ": " + entity.id() : ""));
                }
            }
            return Condition.holds(says);
        });
    }

    Condition untilSeen(String says, Predicate<PostgresSchemaSeen> holds) {
        return new Condition(says, world -> {
            PostgresSchemaSeen seen = look.at(world);
            return holds.test(seen) ? Condition.holds(says) : Condition.notYet("not yet");
        });
    }
}
