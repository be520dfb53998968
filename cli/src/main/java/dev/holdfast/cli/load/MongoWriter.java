package dev.holdfast.cli.load;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.util.List;
import java.util.Optional;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;

/** A MongoDB client of one lane; lanes of a stream share the driver's pool, as the threads of an application do. */
final class MongoWriter implements WorkloadWriter {

    private final MongoCollection<Document> collection;
    private final Binary payload;
    private final Optional<Own> own;

    /** The user's own write before each number, in its own database. */
    record Own(MongoDatabase database, Document command) {
        void run(long id) {
            database.runCommand((Document) filled(command, id));
        }

        private static Object filled(Object value, long id) {
            if (value instanceof Document document) {
                Document copy = new Document();
                document.forEach((k, v) -> copy.append(k, filled(v, id)));
                return copy;
            }
            if (value instanceof List<?> list) {
                return list.stream().map(v -> filled(v, id)).toList();
            }
            return "$id".equals(value) ? (Object) id : value;
        }
    }

    MongoWriter(MongoCollection<Document> collection, byte[] payload, Optional<Own> own) {
        this.own = own;
        this.collection = collection;
        this.payload = new Binary(payload);
    }

    @Override
    public Result write(long id) {
        try {
            own.ifPresent(o -> o.run(id));
            // the server that writes an empty timestamp fills it in with its own count of writes
            Document write =
                    new Document("_id", id).append("at", new BsonTimestamp()).append("payload", payload);
            collection.insertOne(write);
            return Result.ACKNOWLEDGED;
        } catch (MongoException failed) {
            return MongoWriteClassifier.of(failed);
        }
    }

    @Override
    public void close() {}
}
