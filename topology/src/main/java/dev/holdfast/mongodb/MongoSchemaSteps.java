package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoSchemaSeen.Table;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Sharding;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The steps that change one collection, each seen in the catalogue again before it counts. */
final class MongoSchemaSteps {

    private static final Duration COMMAND = Duration.ofMinutes(2);
    private static final Duration BUILD = Duration.ofHours(6);

    private final MongoSchemaLook look;
    private final Node speaker;
    private final boolean sharded;
    private final List<String> shards;

    MongoSchemaSteps(MongoCluster cluster, MongoSchemaLook look, Node speaker) {
        this.look = look;
        this.speaker = speaker;
        this.sharded = cluster.isSharded();
        this.shards = cluster.sets().stream().map(MongoCluster.MongoSet::name).toList();
    }

    Step create(Entity entity) {
        Map<String, Object> validator = MongoSchemaTypes.validator(entity);
        List<Map<String, Object>> indexes = MongoSchemaIndexes.wanted(entity, sharded);
        List<Action> actions = new ArrayList<>();
        actions.add(said(entity.domain(), validated("mongodb/schema-create.json", entity, validator), COMMAND));
        actions.add(build(entity, indexes, COMMAND));
        Optional<Sharding> sharding = entity.sharding().filter(s -> sharded);
        sharding.ifPresent(s -> actions.addAll(shard(entity, s)));
        String by = sharding.map(s -> ", sharded by " + told(s)).orElse("");
        return Step.on(entity.id(), "create the collection with " + indexes.size() + " indexes" + by)
                .because("seen: no collection " + entity.id() + "; wanted by " + entity.place())
                .type(actions)
                .until(
                        until(
                                entity,
                                "the collection, its indexes and its shard key are there",
                                t -> isWhole(entity, t)),
                        COMMAND);
    }

    private boolean isWhole(Entity entity, Table table) {
        boolean indexed = MongoSchemaIndexes.wanted(entity, sharded).stream()
                .allMatch(i -> MongoSchemaIndexes.twin(i, table.indexes()).isPresent());
        boolean spread = !sharded
                || entity.sharding()
                        .map(s -> MongoSchemaAlike.alikeInOrder(MongoSchemaIndexes.shardKey(s), table.shardKey()))
                        .orElse(true);
        return indexed && spread && isValidated(entity, table);
    }

    static boolean isValidated(Entity entity, Table table) {
        return MongoSchemaAlike.alike(MongoSchemaTypes.validator(entity), table.validator())
                && table.level().equals(entity.validation().level())
                && table.action().equals(entity.validation().action());
    }

    private static Script validated(String file, Entity entity, Map<String, Object> validator) {
        return Script.of(file)
                .with("collection", entity.name())
                .with("validator", validator)
                .with("level", entity.validation().level())
                .with("action", entity.validation().action());
    }

    private Action build(Entity entity, List<Map<String, Object>> indexes, Duration deadline) {
        Script script = Script.of("mongodb/schema-build.json")
                .with("collection", entity.name())
                .with("indexes", indexes);
        return said(entity.domain(), script, deadline);
    }

    Step shardIt(Entity entity, Sharding sharding, String because) {
        return Step.on(entity.id(), "shard the collection by " + told(sharding))
                .because(because)
                .type(shard(entity, sharding))
                .until(until(entity, "it is sharded by " + told(sharding), t -> isSharded(sharding, t)), COMMAND);
    }

    Step reshard(Entity entity, Sharding sharding, String because) {
        Script script = keyed("mongodb/schema-reshard.json", entity, sharding);
        return Step.on(entity.id(), "shard the collection anew by " + told(sharding))
                .because(because)
                .risk(Step.Risk.DANGER)
                .type(said("admin", script, BUILD))
                .until(until(entity, "it is sharded by " + told(sharding), t -> isSharded(sharding, t)), COMMAND);
    }

    private static boolean isSharded(Sharding sharding, Table table) {
        return MongoSchemaAlike.alikeInOrder(MongoSchemaIndexes.shardKey(sharding), table.shardKey());
    }

    private static Script keyed(String file, Entity entity, Sharding sharding) {
        return Script.of(file).with("namespace", entity.id()).with("key", MongoSchemaIndexes.shardKey(sharding));
    }

    /** Splits are made while the collection is empty and dealt out to the shards in turn. */
    private List<Action> shard(Entity entity, Sharding sharding) {
        List<Action> actions = new ArrayList<>();
        actions.add(said("admin", keyed("mongodb/schema-shard.json", entity, sharding), COMMAND));
        int turn = 1;
        for (Map<String, Object> split : sharding.splits()) {
            Map<String, Object> at = MongoSchemaZones.bound(entity, sharding, split);
            Script script = Script.of("mongodb/schema-split.json").with("namespace", entity.id());
            actions.add(said("admin", script.with("at", at), COMMAND));
            if (sharding.zones().isEmpty()) {
                Script move = Script.of("mongodb/schema-move.json")
                        .with("namespace", entity.id())
                        .with("from", at)
                        .with("shard", shards.get(turn++ % shards.size()));
                actions.add(said("admin", move, COMMAND));
            }
        }
        return actions;
    }

    Step buildIndex(Entity entity, Map<String, Object> index, String because) {
        return Step.on(entity.id(), "build the index " + index.get("name") + " " + index.get("key"))
                .because(because)
                .type(build(entity, List.of(index), BUILD))
                .until(until(entity, "listIndexes has it", t -> isThere(index, t)), COMMAND);
    }

    Step rebuildIndex(Entity entity, Map<String, Object> index, String old, String because) {
        Script drop = Script.of("mongodb/schema-drop-index.json")
                .with("collection", entity.name())
                .with("index", old);
        return Step.on(entity.id(), "drop the index " + old + " and build " + index.get("name"))
                .because(because)
                .risk(Step.Risk.DANGER)
                .type(said(entity.domain(), drop, COMMAND), build(entity, List.of(index), BUILD))
                .until(until(entity, "listIndexes has the new one", t -> isThere(index, t)), COMMAND);
    }

    private static boolean isThere(Map<String, Object> index, Table table) {
        return MongoSchemaIndexes.twin(index, table.indexes())
                .filter(t -> MongoSchemaIndexes.option(t, "unique").equals(MongoSchemaIndexes.option(index, "unique")))
                .isPresent();
    }

    Step changeOption(
            Entity entity, Map<String, Object> index, String seen, String option, String because, Step.Risk risk) {
        Object value = index.containsKey(option) ? index.get(option) : MongoSchemaIndexes.option(index, option);
        Script script = Script.of("mongodb/schema-index-option.json")
                .with("collection", entity.name())
                .with("index", MongoSchemaTypes.map("name", seen, option, value));
        return Step.on(entity.id(), "set " + option + " of the index " + seen + " to " + value)
                .because(because)
                .risk(risk)
                .type(said(entity.domain(), script, COMMAND))
                .until(
                        until(
                                entity,
                                "listIndexes says so",
                                t -> MongoSchemaIndexes.twin(index, t.indexes())
                                        .filter(i ->
                                                MongoSchemaAlike.alike(MongoSchemaIndexes.option(i, option), value))
                                        .isPresent()),
                        COMMAND);
    }

    Step validate(Entity entity, String because, Step.Risk risk) {
        Script script = validated("mongodb/schema-validator.json", entity, MongoSchemaTypes.validator(entity));
        return Step.on(entity.id(), "set the validator")
                .because(because)
                .risk(risk)
                .type(said(entity.domain(), script, COMMAND))
                .until(until(entity, "listCollections shows the validator", t -> isValidated(entity, t)), COMMAND);
    }

    private Condition until(Entity entity, String says, Predicate<Table> holds) {
        return new Condition(entity.id() + ": " + says, world -> {
            Optional<Table> table = look.one(world, speaker, entity);
            return table.filter(holds).isPresent()
                    ? Condition.holds(says)
                    : Condition.notYet(table.isPresent() ? "not yet" : "no such collection");
        });
    }

    Action said(String database, Script script, Duration deadline) {
        return new Action.Command(speaker, look.login(), database, script, Intent.CHANGE, deadline);
    }

    static String told(Sharding sharding) {
        return sharding.fields().stream()
                .map(f -> f.equals(sharding.hashed()) ? f + " hashed" : f)
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
