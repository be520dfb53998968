package dev.holdfast.cli.hands;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;

/** A MongoDB client of one lane; lanes of a stream share the driver's pool, as the threads of an application do. */
final class MongoWriter implements Writer {

    private final MongoCollection<Document> collection;
    private final Binary payload;

    MongoWriter(MongoCollection<Document> collection, byte[] payload) {
        this.collection = collection;
        this.payload = new Binary(payload);
    }

    @Override
    public Result write(long id) {
        try {
            // an empty timestamp is filled in by the server that writes it: its own count of writes
            Document write =
                    new Document("_id", id).append("at", new BsonTimestamp()).append("payload", payload);
            collection.insertOne(write);
            return Result.ACKNOWLEDGED;
        } catch (MongoException failed) {
            return MongoFate.of(failed);
        }
    }

    @Override
    public void close() {}
}
