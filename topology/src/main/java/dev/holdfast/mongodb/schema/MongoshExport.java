package dev.holdfast.mongodb.schema;

import static dev.holdfast.mongodb.schema.ValidatorMapping.map;

import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.ShardKey;
import java.util.Map;
import java.util.Set;

/** The export of the dictionary as a mongosh script. */
public final class MongoshExport {

    private final MongoCluster cluster;
    private final Dictionary dictionary;
    private final StringBuilder out = new StringBuilder();

    public MongoshExport(MongoCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
    }

    public String text() {
        out.append("// Created by: holdfast schema export ")
                .append(cluster.name())
                .append('\n');
        out.append("// Run with: mongosh \"mongodb://...\" THIS-FILE\n");
        new SchemaDiff(cluster, dictionary, Set.of())
                .lacks()
                .forEach(l -> out.append("// ").append(l).append('\n'));
        if (cluster.isSharded()) {
            dictionary
                    .zones()
                    .forEach((zone, shards) -> shards.forEach(s -> out.append("sh.addShardToZone(")
                            .append(MongoshText.of(s))
                            .append(", ")
                            .append(MongoshText.of(zone))
                            .append(");\n")));
        }
        for (String domain : dictionary.domains()) {
            out.append("\nuse(").append(MongoshText.of(domain)).append(");\n");
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
                ValidatorMapping.validator(entity),
                "validationLevel",
                entity.validation().level(),
                "validationAction",
                entity.validation().action());
        out.append("db.createCollection(")
                .append(MongoshText.of(entity.name()))
                .append(", ")
                .append(MongoshText.pretty(options, 0))
                .append(");\n");
        IndexMapping.desired(entity, cluster.isSharded()).forEach(i -> index(entity, i));
        entity.sharding().filter(s -> cluster.isSharded()).ifPresent(s -> shard(entity, s));
    }

    private void index(Entity entity, Map<String, Object> index) {
        Map<String, Object> options = map();
        options.putAll(index);
        Object key = options.remove("key");
        out.append("db.getCollection(")
                .append(MongoshText.of(entity.name()))
                .append(").createIndex(")
                .append(MongoshText.of(key))
                .append(", ")
                .append(MongoshText.of(options))
                .append(");\n");
    }

    private void shard(Entity entity, ShardKey sharding) {
        String namespace = MongoshText.of(entity.id());
        for (ShardKey.Range range : sharding.zones()) {
            out.append("sh.updateZoneKeyRange(")
                    .append(namespace)
                    .append(", ")
                    .append(MongoshText.of(ShardKeyBounds.of(entity, sharding, range.from())))
                    .append(", ")
                    .append(MongoshText.of(ShardKeyBounds.upper(entity, sharding, range)))
                    .append(", ")
                    .append(MongoshText.of(range.zone()))
                    .append(");\n");
        }
        out.append("sh.shardCollection(")
                .append(namespace)
                .append(", ")
                .append(MongoshText.of(IndexMapping.shardKey(sharding)))
                .append(");\n");
        for (Map<String, Object> split : sharding.splits()) {
            out.append("sh.splitAt(")
                    .append(namespace)
                    .append(", ")
                    .append(MongoshText.of(ShardKeyBounds.of(entity, sharding, split)))
                    .append(");\n");
        }
    }
}
