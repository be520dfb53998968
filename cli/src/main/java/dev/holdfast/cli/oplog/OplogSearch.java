package dev.holdfast.cli.oplog;

import dev.holdfast.execution.ActionResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * The contents of a part of the oplog archive: how much was written to which namespace, and where a searched operation is.
 *
 * <p>A drop in a sharded cluster begins with a document that makes the servers continue the drop after a restart. The search
 * returns this document as the first part of the drop, because a restore to a later time would execute the drop.
 */
public final class OplogSearch {

    private static final String COORDINATORS = "config.system.sharding_ddl_coordinators";
    /** Deletes that follow each other within this many seconds are one burst. */
    private static final int PAUSE_SECONDS = 5;

    private final String verb;
    private final String object;
    private final Map<String, Long> kinds = new LinkedHashMap<>();
    private final Set<String> namespaces = new TreeSet<>();
    private final List<Map<String, Object>> hits = new ArrayList<>();
    private Burst burst;
    private long count;
    private long bytes;
    private RawBsonDocument last;

    /** @param find {@code drop NS}, {@code dropDatabase DB}, {@code deleteMany NS}, or nothing */
    private OplogSearch(String find) {
        String[] parts = find.split(" ", 2);
        this.verb = parts[0];
        this.object = parts.length > 1 ? parts[1] : "";
    }

    /** Deletes from one collection, one after the other. */
    private static final class Burst {
        private final BsonTimestamp first;
        private final Instant wall;
        private int seconds;
        private long count;

        Burst(BsonTimestamp first, Instant wall) {
            this.first = first;
            this.wall = wall;
            this.seconds = first.getTime();
        }
    }

    /** @param question {@code {after, through, find}} */
    public static ActionResult answer(String folder, Document question) {
        OplogSearch search = new OplogSearch(question.getString("find"));
        try {
            Optional<BsonTimestamp> end = new OplogReader(Path.of(folder))
                    .read(
                            question.get("after", BsonTimestamp.class),
                            question.get("through", BsonTimestamp.class),
                            search::take);
            return ActionResult.ok(List.of(search.result(end)));
        } catch (IOException | RuntimeException broken) {
            return ActionResult.refused("1", String.valueOf(broken.getMessage()));
        }
    }

    private void take(RawBsonDocument operation) {
        count++;
        bytes += operation.getByteBuffer().remaining();
        last = operation;
        look(operation, operation);
    }

    private void look(RawBsonDocument whole, BsonDocument part) {
        String kind = text(part, "op");
        String namespace = text(part, "ns");
        BsonValue object = part.get("o");
        if (kind.equals("c") && object != null && object.isDocument()) {
            BsonDocument command = object.asDocument();
            if (command.get("applyOps") != null) {
                command.getArray("applyOps").forEach(o -> look(whole, o.asDocument()));
                return;
            }
            command(whole, namespace, command);
        }
        if (!kind.equals("n")) {
            count(kind, namespace);
        }
        if (kind.equals("i") && namespace.equals(COORDINATORS)) {
            coordinator(whole, object.asDocument());
        }
        if (kind.equals("d") && verb.equals("deleteMany") && namespace.equals(this.object)) {
            delete(whole);
        }
    }

    private void count(String kind, String namespace) {
        if (!namespace.startsWith("config.") && !namespace.startsWith("admin.")) {
            kinds.merge(kind, 1L, Long::sum);
            namespaces.add(namespace.replace(".system.buckets.", "."));
        }
    }

    private void command(RawBsonDocument whole, String namespace, BsonDocument command) {
        String database = namespace.replaceFirst("\\.\\$cmd$", "");
        String dropped = text(command, "drop");
        boolean drop = verb.equals("drop") && object.equals(database + "." + dropped);
        boolean inDatabase = verb.equals("dropDatabase")
                && object.equals(database)
                && (!dropped.isEmpty() || command.get("dropDatabase") != null);
        if (drop || inDatabase) {
            hit(whole, "drop", 1);
        }
    }

    private void coordinator(RawBsonDocument whole, BsonDocument document) {
        BsonDocument id = document.get("_id") instanceof BsonDocument found ? found : new BsonDocument();
        String desired = verb.equals("drop") ? "dropCollection" : verb.equals("dropDatabase") ? "dropDatabase" : "";
        if (text(id, "operationType").equals(desired) && text(id, "namespace").equals(object)) {
            hit(whole, "begin", 1);
        }
    }

    private void delete(RawBsonDocument whole) {
        BsonTimestamp at = OplogReader.at(whole);
        if (burst != null && at.getTime() - burst.seconds > PAUSE_SECONDS) {
            endBurst();
        }
        if (burst == null) {
            burst = new Burst(at, wall(whole));
        }
        burst.seconds = at.getTime();
        burst.count++;
    }

    private void endBurst() {
        if (burst != null) {
            hits.add(hit(burst.first, burst.wall, "deletes", burst.count));
            burst = null;
        }
    }

    private void hit(RawBsonDocument whole, String what, long count) {
        hits.add(hit(OplogReader.at(whole), wall(whole), what, count));
    }

    private static Map<String, Object> hit(BsonTimestamp at, Instant wall, String what, long count) {
        Map<String, Object> hit = new LinkedHashMap<>();
        hit.put("at", OplogSliceFile.text(at));
        hit.put("wall", wall.toString());
        hit.put("what", what);
        hit.put("count", count);
        return hit;
    }

    private Map<String, Object> result(Optional<BsonTimestamp> end) {
        endBurst();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("last", end.map(OplogSliceFile::text).orElse(""));
        row.put("wall", last == null ? "" : wall(last).toString());
        row.put("count", count);
        row.put("bytes", bytes);
        row.put("inserts", kinds.getOrDefault("i", 0L));
        row.put("updates", kinds.getOrDefault("u", 0L));
        row.put("deletes", kinds.getOrDefault("d", 0L));
        row.put("commands", kinds.getOrDefault("c", 0L));
        row.put("namespaces", List.copyOf(namespaces));
        row.put("hits", hits);
        return row;
    }

    private static Instant wall(RawBsonDocument operation) {
        return Instant.ofEpochMilli(operation.getDateTime("wall").getValue());
    }

    private static String text(BsonDocument document, String key) {
        BsonValue value = document.get(key);
        return value != null && value.isString() ? value.asString().getValue() : "";
    }
}
