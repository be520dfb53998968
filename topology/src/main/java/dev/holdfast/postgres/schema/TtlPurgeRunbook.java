package dev.holdfast.postgres.schema;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType.Kind;
import dev.holdfast.schema.Index;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The runbook that deletes expired rows of TTL indexes, which PostgreSQL does not support. */
public final class TtlPurgeRunbook {

    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int BATCH = 5000;

    private final PostgresCluster cluster;
    private final Dictionary dictionary;
    private final CatalogProbe look;

    public TtlPurgeRunbook(PostgresCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
        this.look = new CatalogProbe(cluster, dictionary);
    }

    /**
     * The observed expired rows.
     *
     * @param expired TTL indexes with rows to delete, by name
     */
    private record ObservedState(CatalogState catalogue, Set<String> expired) implements ClusterState {
        @Override
        public Instant at() {
            return catalogue.at();
        }

        @Override
        public List<NodeStatus> nodes() {
            return catalogue.nodes();
        }

        @Override
        public List<HealthProblem> findings() {
            return catalogue.findings();
        }
    }

    public Runbook<?> runbook() {
        return new Runbook<>(
                cluster.name(), "purge of " + cluster.name(), this::look, List.of(new Stage<>("purge", this::plan)));
    }

    private ObservedState look(ExecutionContext context) {
        CatalogState catalogue = look.at(context);
        Set<String> expired = new HashSet<>();
        catalogue
                .queryNode()
                .ifPresent(primary -> each((entity, index) -> {
                    boolean there = catalogue.tables().containsKey(entity.id());
                    if (there && isExpired(context.ask(command(primary, count(entity, index), Access.LOOK, LOOK)))) {
                        expired.add(index.name());
                    }
                }));
        return new ObservedState(catalogue, expired);
    }

    private static boolean isExpired(ActionResult answer) {
        return Boolean.TRUE.equals(answer.row().get("expired"));
    }

    private void each(BiConsumer<Entity, Index> what) {
        dictionary
                .entities()
                .forEach(e ->
                        e.indexes().stream().filter(i -> i.after().isPresent()).forEach(i -> what.accept(e, i)));
    }

    private Plan plan(ObservedState state) {
        List<Step> steps = new ArrayList<>();
        each((entity, index) -> {
            if (state.expired().contains(index.name())) {
                steps.add(purge(state.catalogue().queryNode().orElseThrow(), entity, index));
            }
        });
        return Plan.of(steps);
    }

    private static Script count(Entity entity, Index index) {
        return new Script(
                "postgres/schema-purge-count.sql", purged(entity, index).values());
    }

    private static Script purged(Entity entity, Index index) {
        return Script.of("postgres/schema-purge.sql")
                .with("schema", entity.domain())
                .with("table", entity.name())
                .with("column", index.fields().get(0))
                .with("seconds", index.after().orElseThrow().toSeconds())
                .with("where", where(entity, index))
                .with("batch", BATCH);
    }

    /** Returns the partial filter values of an index as JSON; rows outside a partial index stay, as in MongoDB. */
    private static String where(Entity entity, Index index) {
        return index.where().entrySet().stream()
                .map(w -> quoted(w.getKey()) + ": "
                        + (isText(entity.field(w.getKey()).orElseThrow()) ? quoted(w.getValue()) : w.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static boolean isText(Field field) {
        return !field.type().isNumber() && !field.type().is(Kind.BOOL);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Step purge(Node primary, Entity entity, Index index) {
        Duration after = index.after().orElseThrow();
        String rows = "rows of " + entity.id() + " older than " + after.toDays() + " days by "
                + index.fields().get(0);
        return Step.on(primary.id(), "delete the " + rows)
                .because("the TTL index " + index.name() + " of " + index.place() + " expires these rows")
                .risk(Step.Risk.DANGER)
                .type(command(primary, purged(entity, index), Access.CHANGE, LONGEST))
                .until(
                        new Condition("no " + rows, context -> {
                            ActionResult answer =
                                    context.ask(command(primary, count(entity, index), Access.LOOK, LOOK));
                            boolean none = answer.isOk() && !isExpired(answer);
                            return none
                                    ? Condition.holds("none")
                                    : Condition.notYet(answer.isOk() ? "some" : answer.sentence());
                        }),
                        LONGEST);
    }

    private Action command(Node primary, Script script, Access intent, Duration deadline) {
        return new Action.RunSql(primary, look.login(), cluster.database(), script, intent, deadline);
    }
}
