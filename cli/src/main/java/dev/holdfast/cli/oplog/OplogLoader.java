package dev.holdfast.cli.oplog;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertManyOptions;
import dev.holdfast.execution.ActionResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;

/** Loads archived operations into a server's collection, in order. */
public final class OplogLoader {

    private static final int AT_ONCE = 1000;
    private static final long BYTES_AT_ONCE = 16L << 20;

    private final MongoCollection<RawBsonDocument> collection;
    private final boolean ordered;
    private final BsonTimestamp after;
    private final BsonTimestamp through;
    private final List<RawBsonDocument> batch = new ArrayList<>();
    private long bytes;
    private long count;

    /** @param insert the command, with {@code after} and {@code through} */
    public OplogLoader(MongoDatabase database, Document insert) {
        Document concern = insert.get("writeConcern", Document.class);
        this.collection = database.getCollection(insert.getString("insert"), RawBsonDocument.class)
                .withWriteConcern(new WriteConcern(concern.getInteger("w")).withJournal(concern.getBoolean("j")));
        this.ordered = insert.getBoolean("ordered");
        this.after = insert.get("after", BsonTimestamp.class);
        this.through = insert.get("through", BsonTimestamp.class);
    }

    public ActionResult from(String folder) {
        try {
            Optional<BsonTimestamp> last = new OplogReader(Path.of(folder)).read(after, through, this::add);
            send();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("count", count);
            row.put("last", last.map(OplogSliceFile::text).orElse(""));
            return ActionResult.ok(List.of(row));
        } catch (MongoBulkWriteException | MongoCommandException refused) {
            return ActionResult.refused(Integer.toString(refused.getCode()), refused.getMessage());
        } catch (IOException unreadable) {
            return ActionResult.refused("1", unreadable.getMessage());
        }
    }

    private void add(RawBsonDocument operation) {
        int size = operation.getByteBuffer().remaining();
        if (batch.size() == AT_ONCE || bytes + size > BYTES_AT_ONCE) {
            send();
        }
        batch.add(operation);
        bytes += size;
    }

    private void send() {
        if (!batch.isEmpty()) {
            collection.insertMany(batch, new InsertManyOptions().ordered(ordered));
            count += batch.size();
            batch.clear();
            bytes = 0;
        }
    }
}
