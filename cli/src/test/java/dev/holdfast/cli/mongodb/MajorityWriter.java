package dev.holdfast.cli.mongodb;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** Writes numbers with w: majority, one after another, and keeps those that were acknowledged. */
final class MajorityWriter implements Runnable, AutoCloseable {

    private final Client client;
    private final MongoCollection<Document> log;
    private final TreeSet<Integer> acknowledged = new TreeSet<>();
    private volatile boolean isOver;

    private MajorityWriter(Client client) {
        this.client = client;
        this.log = client.driver()
                .getDatabase("shop")
                .getCollection("log")
                .withWriteConcern(WriteConcern.MAJORITY.withWTimeout(20, TimeUnit.SECONDS));
    }

    /** Begins to write in a thread of its own. */
    static MajorityWriter started(Client client) {
        MajorityWriter writer = new MajorityWriter(client);
        Thread thread = new Thread(writer, "writer");
        thread.setDaemon(true);
        thread.start();
        return writer;
    }

    @Override
    public void run() {
        for (int n = 1; !isOver; n++) {
            try {
                log.insertOne(new Document("_id", n));
                synchronized (acknowledged) {
                    acknowledged.add(n);
                }
                Thread.sleep(20);
            } catch (InterruptedException | RuntimeException refused) {
                continue; // not acknowledged
            }
        }
    }

    int acknowledged() {
        synchronized (acknowledged) {
            return acknowledged.size();
        }
    }

    /** Returns the acknowledged numbers that are not in the collection. */
    List<Integer> lost() {
        TreeSet<Integer> missing;
        synchronized (acknowledged) {
            missing = new TreeSet<>(acknowledged);
        }
        for (Document found : log.find()) {
            missing.remove(found.getInteger("_id"));
        }
        return List.copyOf(missing);
    }

    @Override
    public void close() {
        isOver = true;
        client.close();
    }
}
