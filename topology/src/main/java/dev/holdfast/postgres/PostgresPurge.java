package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Index;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** Deletes the rows that TTL indexes would delete, which PostgreSQL does not do by itself. */
final class PostgresPurge {

    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int BATCH = 5000;

    private final PostgresCluster cluster;
    private final Dictionary dictionary;
    private final PostgresSchemaLook look;

    PostgresPurge(PostgresCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
        this.look = new PostgresSchemaLook(cluster, dictionary);
    }

    /**
     * What was seen.
     *
     * @param expired TTL indexes that have something to delete, by name
     */
    private record Seen(PostgresSchemaSeen catalogue, Set<String> expired) implements Observed {
        @Override
        public Instant at() {
            return catalogue.at();
        }

        @Override
        public List<Observation> nodes() {
            return catalogue.nodes();
        }

        @Override
        public List<String> complaints() {
            return catalogue.complaints();
        }
    }

    Runbook<?> runbook() {
        return new Runbook<>(
                cluster.name(), "purge of " + cluster.name(), this::look, List.of(new Act<>("purge", this::plan)));
    }

    private Seen look(World world) {
        PostgresSchemaSeen catalogue = look.at(world);
        Set<String> expired = new HashSet<>();
        catalogue
                .speaker()
                .ifPresent(primary -> each((entity, index) -> {
                    boolean there = catalogue.tables().containsKey(entity.id());
                    if (there && isExpired(world.ask(said(primary, count(entity, index), Intent.LOOK, LOOK)))) {
                        expired.add(index.name());
                    }
                }));
        return new Seen(catalogue, expired);
    }

    private static boolean isExpired(Answer answer) {
        return Boolean.TRUE.equals(answer.row().get("expired"));
    }

    private void each(BiConsumer<Entity, Index> what) {
        dictionary
                .entities()
                .forEach(e ->
                        e.indexes().stream().filter(i -> i.after().isPresent()).forEach(i -> what.accept(e, i)));
    }

    private Plan plan(Seen seen) {
        List<Step> steps = new ArrayList<>();
        each((entity, index) -> {
            if (seen.expired().contains(index.name())) {
                steps.add(purge(seen.catalogue().speaker().orElseThrow(), entity, index));
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
                .with("batch", BATCH);
    }

    private Step purge(Node primary, Entity entity, Index index) {
        Duration after = index.after().orElseThrow();
        String rows = "rows of " + entity.id() + " older than " + after.toDays() + " days by "
                + index.fields().get(0);
        return Step.on(primary.id(), "delete the " + rows)
                .because("the TTL index " + index.name() + " of " + index.place() + " says so")
                .risk(Step.Risk.DANGER)
                .type(said(primary, purged(entity, index), Intent.CHANGE, LONGEST))
                .until(
                        new Condition("no " + rows, world -> {
                            Answer answer = world.ask(said(primary, count(entity, index), Intent.LOOK, LOOK));
                            boolean none = answer.isOk() && !isExpired(answer);
                            return none
                                    ? Condition.holds("none")
                                    : Condition.notYet(answer.isOk() ? "some" : answer.sentence());
                        }),
                        LONGEST);
    }

    private Action said(Node primary, Script script, Intent intent, Duration deadline) {
        return new Action.Sql(primary, look.login(), cluster.database(), script, intent, deadline);
    }
}
