package dev.holdfast.schema.config;

import static dev.holdfast.config.ConfigSchema.FLAG;
import static dev.holdfast.config.ConfigSchema.FREE;
import static dev.holdfast.config.ConfigSchema.SPAN;
import static dev.holdfast.config.ConfigSchema.either;
import static dev.holdfast.config.ConfigSchema.key;
import static dev.holdfast.config.ConfigSchema.keys;
import static dev.holdfast.config.ConfigSchema.listOf;
import static dev.holdfast.config.ConfigSchema.must;
import static dev.holdfast.config.ConfigSchema.named;
import static dev.holdfast.config.ConfigSchema.text;
import static dev.holdfast.config.ConfigSchema.words;

import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.TextFormat;

/** The schema of a dictionary file. */
public final class DictionarySchema {

    private static final ConfigSchema WORD = text(TextFormat.LINE);
    private static final ConfigSchema WORDS = either(WORD, listOf(WORD));
    private static final ConfigSchema NUMBER = new ConfigSchema.Decimal(-1e18, 1e18);

    private DictionarySchema() {}

    public static ConfigSchema.ObjectOf whole() {
        return keys(
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file format."),
                must("domain", WORD, "The business domain: a database in MongoDB, a schema in PostgreSQL."),
                key(
                        "store",
                        store(),
                        "The engine that stores these entities; default: every cluster that uses the file."),
                key("about", WORD, "A description in one sentence."),
                key("zones", named(TextFormat.NAME, listOf(text(TextFormat.NAME))), "The shards of each zone."),
                must("entities", new ConfigSchema.MapOf(WORD, entity(), 1), "The collections or tables, by name."));
    }

    private static ConfigSchema store() {
        return words("mongodb", "postgresql");
    }

    private static ConfigSchema.ObjectOf entity() {
        return keys(
                key("about", WORD, "A description in one sentence."),
                key("store", store(), "The engine that stores this entity; default: that of the file."),
                must("key", WORDS, "The field or fields of the primary key."),
                must("fields", new ConfigSchema.MapOf(WORD, either(WORD, field()), 1), "The fields with their types."),
                key(
                        "references",
                        listOf(reference()),
                        "References over several fields; for one field, write -> entity."),
                key("unique", listOf(WORDS), "The fields of each unique constraint."),
                key(
                        "checks",
                        named(TextFormat.LINE, WORD),
                        "Check constraints inside a row, such as: starts_at < ends_at."),
                key(
                        "indexes",
                        listOf(either(WORD, listOf(WORD), index())),
                        "The indexes, each a field, fields, or keys."),
                key("shardKey", either(WORD, listOf(WORD), sharding()), "The shard key (MongoDB)."),
                key(
                        "validation",
                        words("strict", "moderate", "off"),
                        "The validation level of MongoDB; default strict."),
                key(
                        "violation",
                        words("error", "warn"),
                        "The validation action of MongoDB for an invalid document; default error."),
                key("closed", FLAG, "Whether MongoDB refuses undeclared fields."));
    }

    private static ConfigSchema.ObjectOf field() {
        return keys(
                key("type", WORD, "The type, such as text(80) or list of text."),
                key("ref", WORD, "The entity that this field references."),
                key("enum", listOf(WORD), "The allowed values."),
                key("optional", FLAG, "Whether the value can be absent."),
                key("identity", FLAG, "Whether the database generates the numbers of this field (PostgreSQL)."),
                key("default", WORD, "The default value; now for an instant."),
                key("from", NUMBER, "The least value."),
                key("to", NUMBER, "The greatest value."),
                key("onDelete", removal(), "The effect if the referenced row is deleted; default refuse."),
                key("about", WORD, "A description in one sentence."));
    }

    private static ConfigSchema removal() {
        return words("refuse", "cascade", "clear");
    }

    private static ConfigSchema.ObjectOf reference() {
        return keys(
                must("fields", listOf(WORD), "The fields of the reference."),
                must("to", WORD, "The referenced entity."),
                key("of", listOf(WORD), "The referenced fields; default: the key."),
                key("onDelete", removal(), "The effect if the referenced row is deleted; default refuse."));
    }

    private static ConfigSchema.ObjectOf index() {
        return keys(
                must("on", WORDS, "A field, or fields in order; desc after a field means descending."),
                key("name", WORD, "The name of the index."),
                key("kind", words("plain", "text", "geo", "ttl", "wildcard"), "The kind of the index; default plain."),
                key("unique", FLAG, "Whether the index is unique."),
                key(
                        "where",
                        new ConfigSchema.MapOf(WORD, either(WORD, FLAG), 1),
                        "The values of the rows in a partial index."),
                key("after", SPAN, "The time after the field's value at which a row is deleted (ttl)."),
                key("hidden", FLAG, "Whether the index is hidden: maintained, but not used for queries (MongoDB)."),
                key("language", WORD, "The language of a text index, such as french; default simple."),
                key("collation", collation(), "The collation of the index."));
    }

    private static ConfigSchema.ObjectOf collation() {
        return keys(
                must("locale", WORD, "A language such as fr."),
                key("strength", new ConfigSchema.Int(1, 5), "1 ignores case and accents, 2 ignores case; default 3."));
    }

    private static ConfigSchema.ObjectOf sharding() {
        return keys(
                must("by", WORDS, "The fields of the shard key; hashed after a field means a hashed field."),
                key("split", listOf(FREE), "Values at which an empty collection is split."),
                key("zones", listOf(range()), "The zone of each range of the shard key."));
    }

    private static ConfigSchema.ObjectOf range() {
        return keys(
                must("zone", WORD, "A zone of this file."),
                key("from", FREE, "The first values of the range; default: the least."),
                key("to", FREE, "The first values after the range; default: the greatest."));
    }
}
