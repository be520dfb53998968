package dev.holdfast.mongodb.schema;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.schema.CatalogState.Table;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The observation of a cluster's catalog: collections, indexes, shard keys, zones, and documents that prevent changes. */
final class CatalogProbe {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration SEARCH = Duration.ofMinutes(10);

    private final MongoCluster cluster;
    private final Dictionary dictionary;
    private final ShardingProbe sharding;
    private final DuplicateCheck duplicates = new DuplicateCheck();

    CatalogProbe(MongoCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
        this.sharding = new ShardingProbe(cluster, dictionary);
    }

    CatalogState at(ExecutionContext context) {
        List<Node> endpoints =
                cluster.isSharded() ? cluster.routers() : cluster.sets().get(0).nodes();
        List<ActionResult> hellos = context.askAll(endpoints.stream()
                .<Action>map(n -> new Action.RunDocumentCommand(
                        n, Credentials.ANONYMOUS, "admin", Script.of("mongodb/schema-hello.json"), Access.LOOK, SOON))
                .toList());
        List<NodeStatus> nodes = new ArrayList<>();
        Optional<Node> queryNode = Optional.empty();
        for (int i = 0; i < endpoints.size(); i++) {
            ActionResult hello = hellos.get(i);
            boolean writes = Boolean.TRUE.equals(hello.row().get("isWritablePrimary"));
            NodeAvailability state = hello.isOk() ? NodeAvailability.UP : NodeAvailability.SILENT;
            String role = cluster.isSharded()
                    ? "router"
                    : writes ? "primary" : hello.row().containsKey("setName") ? "secondary" : "";
            nodes.add(new NodeStatus(endpoints.get(i), state, role, Map.of()));
            if (writes && queryNode.isEmpty()) {
                queryNode = Optional.of(endpoints.get(i));
            }
        }
        if (queryNode.isEmpty()) {
            return unknown(context, nodes, "no " + (cluster.isSharded() ? "router" : "primary") + " answers");
        }
        return state(context, nodes, queryNode.get());
    }

    private static CatalogState unknown(ExecutionContext context, List<NodeStatus> nodes, String why) {
        return new CatalogState(
                context.now(), nodes, Optional.empty(), Map.of(), List.of(), Map.of(), Map.of(), List.of(why));
    }

    private static CatalogState unknown(
            ExecutionContext context, List<NodeStatus> nodes, Node queryNode, ActionResult answer) {
        return new CatalogState(
                context.now(),
                nodes,
                Optional.empty(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(queryNode.id() + ": " + answer.sentence()),
                Map.of(),
                Optional.of(answer).filter(a -> a.isRefused(ActionResult.NO_SECRET)));
    }

    private CatalogState state(ExecutionContext context, List<NodeStatus> nodes, Node queryNode) {
        List<String> databases = dictionary.domains();
        List<ActionResult> lists = context.askAll(databases.stream()
                .<Action>map(d -> look(queryNode, d, Script.of("mongodb/schema-collections.json")))
                .toList());
        Map<String, Map<String, Object>> there = new TreeMap<>();
        for (int i = 0; i < databases.size(); i++) {
            if (!lists.get(i).isOk()) {
                return unknown(context, nodes, queryNode, lists.get(i));
            }
            String database = databases.get(i);
            ShardingProbe.batch(lists.get(i)).forEach(c -> there.put(database + "." + c.get("name"), c));
        }
        Map<String, Map<String, Object>> shardKeys = sharding.shardKeys(context, queryNode);
        List<Entity> present = dictionary.entities().stream()
                .filter(e -> there.containsKey(e.id()))
                .toList();
        List<ActionResult> indexes =
                context.askAll(present.stream().map(e -> indexes(queryNode, e)).toList());
        Optional<ActionResult> unknown = indexes.stream().filter(a -> !a.isOk()).findFirst();
        if (unknown.isPresent()) {
            return unknown(context, nodes, queryNode, unknown.get());
        }
        Map<String, Table> tables = new LinkedHashMap<>();
        for (int i = 0; i < present.size(); i++) {
            Entity entity = present.get(i);
            Map<String, Object> shardKey = shardKeys.getOrDefault(entity.id(), Map.of());
            Table table = table(entity, there.get(entity.id()), ShardingProbe.batch(indexes.get(i)), shardKey);
            tables.put(entity.id(), whole(context, queryNode, entity, table));
        }
        List<String> others = there.keySet().stream()
                .filter(n -> !tables.containsKey(n) && !n.contains(".system."))
                .toList();
        return new CatalogState(
                        context.now(),
                        nodes,
                        Optional.of(queryNode),
                        tables,
                        others,
                        sharding.zones(context, queryNode),
                        sharding.ranges(context, queryNode),
                        List.of())
                .with(clashes(context, queryNode, there.keySet()));
    }

    /** Asks for the databases only where one of the dictionary is missing. */
    private Map<String, String> clashes(ExecutionContext context, Node queryNode, Set<String> collections) {
        Set<String> missing = dictionary.domains().stream()
                .filter(d -> collections.stream().noneMatch(c -> c.startsWith(d + ".")))
                .collect(Collectors.toSet());
        if (missing.isEmpty()) {
            return Map.of();
        }
        List<String> databases = MongoDocument.of(
                        context.ask(look(queryNode, "admin", Script.of("mongodb/databases.json")))
                                .row())
                .docs("databases")
                .stream()
                .map(d -> d.text("name"))
                .toList();
        Map<String, String> clashes = new TreeMap<>();
        missing.forEach(d -> databases.stream()
                .filter(n -> n.equalsIgnoreCase(d) && !n.equals(d))
                .findFirst()
                .ifPresent(n -> clashes.put(d, n)));
        return clashes;
    }

    /** Asks every shard's own catalog in a sharded cluster, because a router's listIndexes returns the reply of one shard. */
    private Action indexes(Node queryNode, Entity entity) {
        String file = cluster.isSharded() ? "mongodb/schema-placed.json" : "mongodb/schema-indexes.json";
        return look(queryNode, entity.domain(), Script.of(file).with("collection", entity.name()));
    }

    /** Observes one collection, for a step's condition; empty if it does not exist. */
    Optional<Table> one(ExecutionContext context, Node queryNode, Entity entity) {
        List<ActionResult> answers = context.askAll(List.of(
                look(
                        queryNode,
                        entity.domain(),
                        Script.of("mongodb/schema-collection.json").with("collection", entity.name())),
                indexes(queryNode, entity)));
        List<Map<String, Object>> found = ShardingProbe.batch(answers.get(0));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> shardKey = sharding.shardKeys(context, queryNode).getOrDefault(entity.id(), Map.of());
        return Optional.of(table(entity, found.get(0), ShardingProbe.batch(answers.get(1)), shardKey));
    }

    @SuppressWarnings("unchecked")
    private Table table(
            Entity entity, Map<String, Object> facts, List<Map<String, Object>> indexes, Map<String, Object> shardKey) {
        String type = facts.getOrDefault("type", "collection").toString();
        Map<String, Object> options = (Map<String, Object>) facts.getOrDefault("options", Map.of());
        Table single = table(entity.id(), type, options, indexes, shardKey, "");
        if (!cluster.isSharded()) {
            return single;
        }
        List<Map<String, Object>> desired = IndexMapping.desired(entity, true);
        ShardCatalogs placed = ShardCatalogs.of(indexes);
        List<Table> shards = placed.options().entrySet().stream()
                .map(e -> table(entity.id(), type, e.getValue(), placed.everywhere(desired), shardKey, e.getKey()))
                .toList();
        Table shown = shards.stream()
                .filter(t -> !t.isValidatedAs(entity))
                .findFirst()
                .orElseGet(() -> table(entity.id(), type, options, placed.everywhere(desired), shardKey, ""));
        return shown.lacking(placed.lacking(desired));
    }

    @SuppressWarnings("unchecked")
    private static Table table(
            String namespace,
            String type,
            Map<String, Object> options,
            List<Map<String, Object>> indexes,
            Map<String, Object> shardKey,
            String shard) {
        return new Table(
                namespace,
                type,
                (Map<String, Object>) options.getOrDefault("validator", Map.of()),
                options.getOrDefault("validationLevel", "strict").toString(),
                options.getOrDefault("validationAction", "error").toString(),
                indexes,
                shardKey,
                false,
                Map.of(),
                Map.of(),
                shard);
    }

    /** Observes, only if needed, whether it is empty and which duplicates prevent its missing unique indexes. */
    private Table whole(ExecutionContext context, Node queryNode, Entity entity, Table table) {
        List<Map<String, Object>> missing = IndexMapping.desired(entity, cluster.isSharded()).stream()
                .filter(i -> IndexMapping.equalIndex(i, table.indexes()).isEmpty())
                .toList();
        boolean toShard = cluster.isSharded()
                && entity.sharding().isPresent()
                && table.shardKey().isEmpty();
        if (missing.isEmpty() && !toShard || !table.type().equals("collection")) {
            return table;
        }
        ActionResult first = context.ask(look(
                queryNode,
                entity.domain(),
                Script.of("mongodb/schema-first-row.json").with("collection", entity.name())));
        boolean empty = first.isOk() && ShardingProbe.batch(first).isEmpty();
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (Map<String, Object> index : missing) {
            if (!empty && index.containsKey("unique")) {
                ActionResult answer =
                        context.ask(command(queryNode, entity.domain(), duplicates.question(entity, index), SEARCH));
                found.put(index.get("name").toString(), duplicates.descriptions(answer, ShardingProbe.batch(answer)));
            }
        }
        found.values().removeIf(List::isEmpty);
        return table.with(empty, found);
    }

    private Action look(Node queryNode, String database, Script script) {
        return command(queryNode, database, script, DEADLINE);
    }

    private Action command(Node queryNode, String database, Script script, Duration deadline) {
        return new Action.RunDocumentCommand(queryNode, login(), database, script, Access.LOOK, deadline);
    }

    Credentials login() {
        return new Credentials(MongoCluster.ADMIN, cluster.adminPassword(), "admin");
    }
}
