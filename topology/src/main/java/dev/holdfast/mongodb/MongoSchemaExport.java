package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoSchemaTypes.map;

import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Sharding;
import java.util.Map;
import java.util.Set;

/** The dictionary as a script that mongosh runs. */
final class MongoSchemaExport {

    private final MongoCluster cluster;
    private final Dictionary dictionary;
    private final StringBuilder out = new StringBuilder();

    MongoSchemaExport(MongoCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
    }

    String text() {
        out.append("// Made by: holdfast schema export ").append(cluster.name()).append('\n');
        out.append("// Run with: mongosh \"mongodb://...\" THIS-FILE\n");
        new MongoSchema(cluster, dictionary, Set.of())
                .lacks()
                .forEach(l -> out.append("// ").append(l).append('\n'));
        if (cluster.isSharded()) {
            dictionary
                    .zones()
                    .forEach((zone, shards) -> shards.forEach(s -> out.append("sh.addShardToZone(")
                            .append(MongoSchemaText.of(s))
                            .append(", ")
                            .append(MongoSchemaText.of(zone))
                            .append(");\n")));
        }
        for (String domain : dictionary.domains()) {
            out.append("\nuse(").append(MongoSchemaText.of(domain)).append(");\n");
            dictionary.ofDomain(domain).entities().forEach(this::collection);
        }
        return out.toString();
    }

    private void collection(Entity entity) {
        out.append('\n');
        if (!entity.about().isEmpty()) {
            out.append("// ").append(entity.about()).append('\n');
        }
        Map<String, Object> options = map(
                "validator",
                MongoSchemaTypes.validator(entity),
                "validationLevel",
                entity.validation().level(),
                "validationAction",
                entity.validation().action());
        out.append("db.createCollection(")
                .append(MongoSchemaText.of(entity.name()))
                .append(", ")
                .append(MongoSchemaText.pretty(options, 0))
                .append(");\n");
        MongoSchemaIndexes.wanted(entity, cluster.isSharded()).forEach(i -> index(entity, i));
        entity.sharding().filter(s -> cluster.isSharded()).ifPresent(s -> shard(entity, s));
    }

    private void index(Entity entity, Map<String, Object> index) {
        Map<String, Object> options = map();
        options.putAll(index);
        Object key = options.remove("key");
        out.append("db.getCollection(")
                .append(MongoSchemaText.of(entity.name()))
                .append(").createIndex(")
                .append(MongoSchemaText.of(key))
                .append(", ")
                .append(MongoSchemaText.of(options))
                .append(");\n");
    }

    private void shard(Entity entity, Sharding sharding) {
        String namespace = MongoSchemaText.of(entity.id());
        for (Sharding.Range range : sharding.zones()) {
            out.append("sh.updateZoneKeyRange(")
                    .append(namespace)
                    .append(", ")
                    .append(MongoSchemaText.of(MongoSchemaZones.bound(entity, sharding, range.from())))
                    .append(", ")
                    .append(MongoSchemaText.of(MongoSchemaZones.upper(entity, sharding, range)))
                    .append(", ")
                    .append(MongoSchemaText.of(range.zone()))
                    .append(");\n");
        }
        out.append("sh.shardCollection(")
                .append(namespace)
                .append(", ")
                .append(MongoSchemaText.of(MongoSchemaIndexes.shardKey(sharding)))
                .append(");\n");
        for (Map<String, Object> split : sharding.splits()) {
            out.append("sh.splitAt(")
                    .append(namespace)
                    .append(", ")
                    .append(MongoSchemaText.of(MongoSchemaZones.bound(entity, sharding, split)))
                    .append(");\n");
        }
    }
}
