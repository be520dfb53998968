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

/** The shape of a dictionary file. */
public final class DictionarySchema {

    private static final ConfigSchema WORD = text(TextFormat.LINE);
    private static final ConfigSchema WORDS = either(WORD, listOf(WORD));
    private static final ConfigSchema NUMBER = new ConfigSchema.Decimal(-1e18, 1e18);

    private DictionarySchema() {}

    public static ConfigSchema.ObjectOf whole() {
        return keys(
                must("apiVersion", words("holdfast.dev/v1"), "The version of this file's form."),
                must("domain", WORD, "The part of the business: a database in MongoDB, a schema in PostgreSQL."),
                key(
                        "store",
                        store(),
                        "The engine that keeps these entities; any cluster that names the file when absent."),
                key("about", WORD, "One sentence for people."),
                key(
                        "zones",
                        named(TextFormat.NAME, listOf(text(TextFormat.NAME))),
                        "Which shards belong to which zone."),
                must("entities", new ConfigSchema.MapOf(WORD, entity(), 1), "The collections or tables, by name."));
    }

    private static ConfigSchema store() {
        return words("mongodb", "postgresql");
    }

    private static ConfigSchema.ObjectOf entity() {
        return keys(
                key("about", WORD, "One sentence for people."),
                key("store", store(), "The engine that keeps this entity, when it is not the file's."),
                must("key", WORDS, "The field or fields that name one row."),
                must("fields", new ConfigSchema.MapOf(WORD, either(WORD, field()), 1), "The fields with their types."),
                key("references", listOf(reference()), "References over several fields; one field says -> entity."),
                key("unique", listOf(WORDS), "Fields of which no two rows may have the same values."),
                key("checks", named(TextFormat.LINE, WORD), "Rules inside a row, such as: starts_at < ends_at."),
                key(
                        "indexes",
                        listOf(either(WORD, listOf(WORD), index())),
                        "The indexes, each a field, fields, or keys."),
                key("shardKey", either(WORD, listOf(WORD), sharding()), "How rows are spread over shards (MongoDB)."),
                key(
                        "validation",
                        words("strict", "moderate", "off"),
                        "How strictly MongoDB checks; strict when absent."),
                key("violation", words("error", "warn"), "What MongoDB does with a document that does not fit."),
                key("closed", FLAG, "Whether MongoDB refuses fields that are not declared."));
    }

    private static ConfigSchema.ObjectOf field() {
        return keys(
                key("type", WORD, "The type, such as text(80) or list of text."),
                key("ref", WORD, "The entity that this field names."),
                key("enum", listOf(WORD), "The words that may stand here."),
                key("optional", FLAG, "Whether it may be absent."),
                key("identity", FLAG, "Whether the store numbers it by itself (PostgreSQL)."),
                key("default", WORD, "The value when none is given; now for an instant."),
                key("from", NUMBER, "The least value."),
                key("to", NUMBER, "The greatest value."),
                key("onDelete", removal(), "What happens when the row it names is deleted; refuse when absent."),
                key("about", WORD, "One sentence for people."));
    }

    private static ConfigSchema removal() {
        return words("refuse", "cascade", "clear");
    }

    private static ConfigSchema.ObjectOf reference() {
        return keys(
                must("fields", listOf(WORD), "The fields that name a row."),
                must("to", WORD, "The entity that is named."),
                key("of", listOf(WORD), "Its fields; its key when absent."),
                key("onDelete", removal(), "What happens when the row is deleted."));
    }

    private static ConfigSchema.ObjectOf index() {
        return keys(
                must("on", WORDS, "A field, or fields in order; desc after a field turns it round."),
                key("name", WORD, "What the index is called."),
                key("kind", words("plain", "text", "geo", "ttl", "wildcard"), "What it is for; plain when absent."),
                key("unique", FLAG, "Whether no two rows may be equal."),
                key(
                        "where",
                        new ConfigSchema.MapOf(WORD, either(WORD, FLAG), 1),
                        "Only rows with these values are indexed."),
                key("after", SPAN, "How long after the field's time a row is deleted (ttl)."),
                key("hidden", FLAG, "Kept up to date, not used for queries (MongoDB)."),
                key("language", WORD, "Whose words a text index knows, such as french; simple when absent."),
                key("collation", collation(), "Whose rules of order the index follows."));
    }

    private static ConfigSchema.ObjectOf collation() {
        return keys(
                must("locale", WORD, "A language such as fr."),
                key(
                        "strength",
                        new ConfigSchema.Int(1, 5),
                        "1 ignores case and accents, 2 ignores case; 3 when absent."));
    }

    private static ConfigSchema.ObjectOf sharding() {
        return keys(
                must("by", WORDS, "The fields of the shard key; hashed after a field hashes it."),
                key("split", listOf(FREE), "Values at which an empty collection is split beforehand."),
                key("zones", listOf(range()), "Which range of the shard key belongs to which zone."));
    }

    private static ConfigSchema.ObjectOf range() {
        return keys(
                must("zone", WORD, "A zone of this file."),
                key("from", FREE, "The first values that belong to it; the least when absent."),
                key("to", FREE, "The first values that no longer do; the greatest when absent."));
    }
}
