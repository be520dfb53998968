package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoSchemaSeen.Table;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Script;
import dev.holdfast.world.State;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks a cluster's catalogue what is there: collections, indexes, shard keys, zones, and what stands in the way. */
final class MongoSchemaLook {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration SEARCH = Duration.ofMinutes(10);

    private final MongoCluster cluster;
    private final Dictionary dictionary;
    private final MongoSchemaDuplicates duplicates = new MongoSchemaDuplicates();

    MongoSchemaLook(MongoCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
    }

    MongoSchemaSeen at(World world) {
        List<Node> doors =
                cluster.isSharded() ? cluster.routers() : cluster.sets().get(0).nodes();
        List<Answer> hellos = world.askAll(doors.stream()
                .<Action>map(n -> new Action.Command(
                        n, Login.NOBODY, "admin", Script.of("mongodb/schema-hello.json"), Intent.LOOK, SOON))
                .toList());
        List<Observation> nodes = new ArrayList<>();
        Optional<Node> speaker = Optional.empty();
        for (int i = 0; i < doors.size(); i++) {
            Answer hello = hellos.get(i);
            boolean writes = Boolean.TRUE.equals(hello.row().get("isWritablePrimary"));
            State state = hello.isOk() ? State.UP : State.SILENT;
            String role = cluster.isSharded() ? "router" : writes ? "primary" : hello.isOk() ? "secondary" : "";
            nodes.add(new Observation(doors.get(i), state, role, Map.of()));
            if (writes && speaker.isEmpty()) {
                speaker = Optional.of(doors.get(i));
            }
        }
        if (speaker.isEmpty()) {
            return nobody(
                    world, nodes, "nobody to ask: no " + (cluster.isSharded() ? "router" : "primary") + " answers");
        }
        return seen(world, nodes, speaker.get());
    }

    private static MongoSchemaSeen nobody(World world, List<Observation> nodes, String why) {
        return new MongoSchemaSeen(
                world.now(), nodes, Optional.empty(), Map.of(), List.of(), Map.of(), Map.of(), List.of(why));
    }

    private MongoSchemaSeen seen(World world, List<Observation> nodes, Node speaker) {
        List<String> databases = dictionary.domains();
        List<Answer> lists = world.askAll(databases.stream()
                .<Action>map(d -> look(speaker, d, Script.of("mongodb/schema-collections.json")))
                .toList());
        Map<String, Map<String, Object>> there = new TreeMap<>();
        for (int i = 0; i < databases.size(); i++) {
            if (!lists.get(i).isOk()) {
                return nobody(world, nodes, speaker.id() + ": " + lists.get(i).sentence());
            }
            String database = databases.get(i);
            batch(lists.get(i)).forEach(c -> there.put(database + "." + c.get("name"), c));
        }
        Map<String, Map<String, Object>> shardKeys = shardKeys(world, speaker);
        Map<String, Table> tables = tables(world, speaker, there, shardKeys);
        List<String> others = there.keySet().stream()
                .filter(n -> !tables.containsKey(n) && !n.contains(".system."))
                .toList();
        return new MongoSchemaSeen(
                world.now(),
                nodes,
                Optional.of(speaker),
                tables,
                others,
                zones(world, speaker),
                ranges(world, speaker),
                List.of());
    }

    private Map<String, Table> tables(
            World world,
            Node speaker,
            Map<String, Map<String, Object>> there,
            Map<String, Map<String, Object>> shardKeys) {
        List<Entity> present = dictionary.entities().stream()
                .filter(e -> there.containsKey(e.id()))
                .toList();
        List<Answer> indexes = world.askAll(present.stream()
                .<Action>map(e -> look(
                        speaker,
                        e.domain(),
                        Script.of("mongodb/schema-indexes.json").with("collection", e.name())))
                .toList());
        Map<String, Table> tables = new LinkedHashMap<>();
        for (int i = 0; i < present.size(); i++) {
            Entity entity = present.get(i);
            Map<String, Object> shardKey = shardKeys.getOrDefault(entity.id(), Map.of());
            Table table = table(entity.id(), there.get(entity.id()), batch(indexes.get(i)), shardKey);
            tables.put(entity.id(), whole(world, speaker, entity, table));
        }
        return tables;
    }

    /** One collection alone, as a step's condition looks at it; absent when it is not there. */
    Optional<Table> one(World world, Node speaker, Entity entity) {
        List<Answer> answers = world.askAll(List.of(
                look(
                        speaker,
                        entity.domain(),
                        Script.of("mongodb/schema-collection.json").with("collection", entity.name())),
                look(
                        speaker,
                        entity.domain(),
                        Script.of("mongodb/schema-indexes.json").with("collection", entity.name()))));
        List<Map<String, Object>> found = batch(answers.get(0));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> shardKey = shardKeys(world, speaker).getOrDefault(entity.id(), Map.of());
        return Optional.of(table(entity.id(), found.get(0), batch(answers.get(1)), shardKey));
    }

    @SuppressWarnings("unchecked")
    private static Table table(
            String namespace,
            Map<String, Object> told,
            List<Map<String, Object>> indexes,
            Map<String, Object> shardKey) {
        Map<String, Object> options = (Map<String, Object>) told.getOrDefault("options", Map.of());
        return new Table(
                namespace,
                told.getOrDefault("type", "collection").toString(),
                (Map<String, Object>) options.getOrDefault("validator", Map.of()),
                options.getOrDefault("validationLevel", "strict").toString(),
                options.getOrDefault("validationAction", "error").toString(),
                indexes,
                shardKey,
                false,
                Map.of());
    }

    /** Whether it is empty, and what would stand in the way of its missing unique indexes; asked only when needed. */
    private Table whole(World world, Node speaker, Entity entity, Table table) {
        List<Map<String, Object>> missing = MongoSchemaIndexes.wanted(entity, cluster.isSharded()).stream()
                .filter(i -> MongoSchemaIndexes.twin(i, table.indexes()).isEmpty())
                .toList();
        boolean toShard = cluster.isSharded()
                && entity.sharding().isPresent()
                && table.shardKey().isEmpty();
        if (missing.isEmpty() && !toShard || !table.type().equals("collection")) {
            return table;
        }
        Answer first = world.ask(look(
                speaker,
                entity.domain(),
                Script.of("mongodb/schema-first-row.json").with("collection", entity.name())));
        boolean empty = first.isOk() && batch(first).isEmpty();
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (Map<String, Object> index : missing) {
            if (!empty && index.containsKey("unique")) {
                Answer answer = world.ask(said(speaker, entity.domain(), duplicates.question(entity, index), SEARCH));
                found.put(index.get("name").toString(), duplicates.told(answer, batch(answer)));
            }
        }
        found.values().removeIf(List::isEmpty);
        return table.with(empty, found);
    }

    private Map<String, Map<String, Object>> shardKeys(World world, Node speaker) {
        if (!cluster.isSharded()) {
            return Map.of();
        }
        List<Object> databases = new ArrayList<>();
        dictionary.domains().forEach(d -> databases.add(Map.of("_id", Map.of("$gte", d + ".", "$lt", d + "/"))));
        Answer answer = world.ask(
                look(speaker, "config", Script.of("mongodb/schema-sharded.json").with("databases", databases)));
        Map<String, Map<String, Object>> keys = new HashMap<>();
        batch(answer).forEach(c -> keys.put(c.get("_id").toString(), document(c.get("key"))));
        return keys;
    }

    private Map<String, Set<String>> zones(World world, Node speaker) {
        Map<String, Set<String>> zones = new TreeMap<>();
        if (cluster.isSharded()) {
            Answer answer = world.ask(look(speaker, "config", Script.of("mongodb/schema-shards.json")));
            batch(answer).forEach(s -> {
                Set<String> tags = new LinkedHashSet<>();
                if (s.get("tags") instanceof List<?> list) {
                    list.forEach(t -> tags.add(t.toString()));
                }
                zones.put(s.get("_id").toString(), tags);
            });
        }
        return zones;
    }

    Map<String, List<Map<String, Object>>> ranges(World world, Node speaker) {
        if (!cluster.isSharded()) {
            return Map.of();
        }
        Answer answer = world.ask(look(speaker, "config", Script.of("mongodb/schema-zones.json")));
        return batch(answer).stream()
                .collect(Collectors.groupingBy(r -> r.get("ns").toString(), TreeMap::new, Collectors.toList()));
    }

    private Action look(Node speaker, String database, Script script) {
        return said(speaker, database, script, DEADLINE);
    }

    private Action said(Node speaker, String database, Script script, Duration deadline) {
        return new Action.Command(speaker, login(), database, script, Intent.LOOK, deadline);
    }

    Login login() {
        return new Login(MongoCluster.ADMIN, cluster.adminPassword(), "admin");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> document(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> batch(Answer answer) {
        Object cursor = answer.row().get("cursor");
        return cursor instanceof Map<?, ?> map ? (List<Map<String, Object>>) map.get("firstBatch") : List.of();
    }
}
