package dev.holdfast.mongodb.schema;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Quantity;
import dev.holdfast.mongodb.schema.CatalogState.Table;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.ShardKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The steps that change one collection; each is done only when the catalog shows its result. */
final class SchemaSteps {

    private static final Duration COMMAND = Duration.ofMinutes(2);
    private static final Duration BUILD = Duration.ofHours(6);

    private final CatalogProbe look;
    private final Node queryNode;
    private final boolean sharded;
    private final List<String> shards;

    SchemaSteps(MongoCluster cluster, CatalogProbe look, Node queryNode) {
        this.look = look;
        this.queryNode = queryNode;
        this.sharded = cluster.isSharded();
        this.shards = cluster.sets().stream().map(MongoCluster.MongoSet::name).toList();
    }

    Step create(Entity entity) {
        Map<String, Object> validator = ValidatorMapping.validator(entity);
        List<Map<String, Object>> indexes = IndexMapping.desired(entity, sharded);
        List<Action> actions = new ArrayList<>();
        actions.add(command(entity.domain(), validated("mongodb/schema-create.json", entity, validator), COMMAND));
        actions.add(build(entity, indexes, COMMAND));
        Optional<ShardKey> sharding = entity.sharding().filter(s -> sharded);
        sharding.ifPresent(s -> actions.addAll(shard(entity, s)));
        String by = sharding.map(s -> ", sharded by " + description(s)).orElse("");
        return Step.on(
                        entity.id(),
                        "Create the collection with " + Quantity.of(indexes.size(), "index", "indexes") + by)
                .because("observed: no collection " + entity.id() + "; desired by " + entity.place())
                .type(actions)
                .until(
                        until(entity, "the collection, its indexes and its shard key exist", t -> isWhole(entity, t)),
                        COMMAND);
    }

    private boolean isWhole(Entity entity, Table table) {
        boolean indexed = IndexMapping.desired(entity, sharded).stream()
                .allMatch(i -> IndexMapping.equalIndex(i, table.indexes()).isPresent());
        boolean spread = !sharded
                || entity.sharding()
                        .map(s -> DefinitionEquality.alikeInOrder(IndexMapping.shardKey(s), table.shardKey()))
                        .orElse(true);
        return indexed && spread && table.isValidatedAs(entity);
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
        return command(entity.domain(), script, deadline);
    }

    Step shardIt(Entity entity, ShardKey sharding, String because) {
        return Step.on(entity.id(), "Shard the collection by " + description(sharding))
                .because(because)
                .type(shard(entity, sharding))
                .until(
                        until(
                                entity,
                                "the collection is sharded by " + description(sharding),
                                t -> isSharded(sharding, t)),
                        COMMAND);
    }

    Step reshard(Entity entity, ShardKey sharding, String because) {
        Script script = keyed("mongodb/schema-reshard.json", entity, sharding);
        return Step.on(entity.id(), "Reshard the collection by " + description(sharding))
                .because(because)
                .risk(Step.Risk.DANGER)
                .type(command("admin", script, BUILD))
                .until(
                        until(
                                entity,
                                "the collection is sharded by " + description(sharding),
                                t -> isSharded(sharding, t)),
                        COMMAND);
    }

    private static boolean isSharded(ShardKey sharding, Table table) {
        return DefinitionEquality.alikeInOrder(IndexMapping.shardKey(sharding), table.shardKey());
    }

    private static Script keyed(String file, Entity entity, ShardKey sharding) {
        return Script.of(file).with("namespace", entity.id()).with("key", IndexMapping.shardKey(sharding));
    }

    /** Splits the empty collection and distributes the chunks over the shards in turn. */
    private List<Action> shard(Entity entity, ShardKey sharding) {
        List<Action> actions = new ArrayList<>();
        actions.add(command("admin", keyed("mongodb/schema-shard.json", entity, sharding), COMMAND));
        int turn = 1;
        for (Map<String, Object> split : sharding.splits()) {
            Map<String, Object> at = ShardKeyBounds.of(entity, sharding, split);
            Script script = Script.of("mongodb/schema-split.json").with("namespace", entity.id());
            actions.add(command("admin", script.with("at", at), COMMAND));
            if (sharding.zones().isEmpty()) {
                Script move = Script.of("mongodb/schema-move.json")
                        .with("namespace", entity.id())
                        .with("from", at)
                        .with("shard", shards.get(turn++ % shards.size()));
                actions.add(command("admin", move, COMMAND));
            }
        }
        return actions;
    }

    Step buildIndex(Entity entity, Map<String, Object> index, String because) {
        return Step.on(entity.id(), "Build index " + index.get("name") + " " + index.get("key"))
                .because(because)
                .type(build(entity, List.of(index), BUILD))
                .until(until(entity, "listIndexes returns the index", t -> isThere(index, t)), COMMAND);
    }

    /** @param both whether the server allows both, so that the new index is built before the old one is dropped */
    Step rebuildIndex(Entity entity, Map<String, Object> index, String old, boolean both, String because) {
        Action build = build(entity, List.of(index), BUILD);
        String name = index.get("name").toString();
        return Step.on(
                        entity.id(),
                        both ? "Build index " + name + " and drop " + old : "Drop index " + old + " and build " + name)
                .because(because)
                .risk(Step.Risk.DANGER)
                .type(both ? List.of(build, drop(entity, old)) : List.of(drop(entity, old), build))
                .until(
                        until(
                                entity,
                                "listIndexes returns only the new index",
                                t -> isThere(index, t) && (old.equals(name) || isGone(old, t))),
                        COMMAND);
    }

    Step dropIndex(Entity entity, String old, String because) {
        return Step.on(entity.id(), "Drop index " + old)
                .because(because)
                .risk(Step.Risk.DANGER)
                .type(drop(entity, old))
                .until(until(entity, "listIndexes no longer returns the index", t -> isGone(old, t)), COMMAND);
    }

    private Action drop(Entity entity, String index) {
        Script drop = Script.of("mongodb/schema-drop-index.json")
                .with("collection", entity.name())
                .with("index", index);
        return command(entity.domain(), drop, COMMAND);
    }

    private static boolean isGone(String index, Table table) {
        return table.indexes().stream().noneMatch(i -> index.equals(i.get("name")));
    }

    private static boolean isThere(Map<String, Object> index, Table table) {
        return IndexMapping.equalIndex(index, table.indexes())
                .filter(t -> IndexMapping.option(t, "unique").equals(IndexMapping.option(index, "unique")))
                .isPresent();
    }

    Step changeOption(
            Entity entity, Map<String, Object> index, String state, String option, String because, Step.Risk risk) {
        Object value = index.containsKey(option) ? index.get(option) : IndexMapping.option(index, option);
        Script script = Script.of("mongodb/schema-index-option.json")
                .with("collection", entity.name())
                .with("index", ValidatorMapping.map("name", state, option, value));
        return Step.on(entity.id(), "Set " + option + " of index " + state + " to " + value)
                .because(because)
                .risk(risk)
                .type(command(entity.domain(), script, COMMAND))
                .until(
                        until(
                                entity,
                                "listIndexes returns this value",
                                t -> IndexMapping.equalIndex(index, t.indexes())
                                        .filter(i -> DefinitionEquality.alike(IndexMapping.option(i, option), value))
                                        .isPresent()),
                        COMMAND);
    }

    Step validate(Entity entity, String because, Step.Risk risk) {
        Script script = validated("mongodb/schema-validator.json", entity, ValidatorMapping.validator(entity));
        return Step.on(entity.id(), "Set the validator")
                .because(because)
                .risk(risk)
                .type(command(entity.domain(), script, COMMAND))
                .until(until(entity, "listCollections shows the validator", t -> t.isValidatedAs(entity)), COMMAND);
    }

    private Condition until(Entity entity, String description, Predicate<Table> holds) {
        return new Condition(entity.id() + ": " + description, context -> {
            Optional<Table> table = look.one(context, queryNode, entity);
            return table.filter(holds).isPresent()
                    ? Condition.holds(description)
                    : Condition.notYet(table.isPresent() ? "not yet" : "the collection does not exist");
        });
    }

    Action command(String database, Script script, Duration deadline) {
        return new Action.RunDocumentCommand(queryNode, look.login(), database, script, Access.CHANGE, deadline);
    }

    static String description(ShardKey sharding) {
        return sharding.fields().stream()
                .map(f -> f.equals(sharding.hashed()) ? f + " hashed" : f)
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
