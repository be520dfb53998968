import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/**
 * {@code Pace ADDRESS PORT PASSWORD RATE SECONDS}: inserts documents one after the other at a rate, each acknowledged by a majority,
 * and prints the achieved rate per second. Documents have 1 kB, as the records of YCSB's workloads by default: ten fields of a
 * hundred printable characters.
 */
public class Pace {

    private static final int THREADS = 16;
    private static final int FIELDS = 10;
    private static final int CHARACTERS = 100;

    public static void main(String[] args) throws Exception {
        int rate = Integer.parseInt(args[3]);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(Integer.parseInt(args[4]));
        AtomicInteger number = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        MongoClientSettings settings = MongoClientSettings.builder()
                .applyToClusterSettings(c -> c.hosts(List.of(new ServerAddress(args[0], Integer.parseInt(args[1])))))
                .credential(MongoCredential.createCredential("holdfast", "admin", args[2].toCharArray()))
                .build();
        try (MongoClient client = MongoClients.create(settings)) {
            MongoCollection<Document> documents =
                    client.getDatabase("bench").getCollection("paced").withWriteConcern(WriteConcern.MAJORITY);
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Thread(() -> write(documents, number, rate, begin, end)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        System.out.println(number.get() * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begin));
        System.exit(0);
    }

    private static void write(MongoCollection<Document> documents, AtomicInteger number, int rate, long begin, long end) {
        Random random = new Random();
        for (long at = begin; at < end; ) {
            int n = number.getAndIncrement();
            at = begin + n * TimeUnit.SECONDS.toNanos(1) / rate;
            LockSupport.parkNanos(at - System.nanoTime());
            Document document = new Document("number", n);
            for (int field = 0; field < FIELDS; field++) {
                StringBuilder text = new StringBuilder(CHARACTERS);
                random.ints(CHARACTERS, ' ' + 1, '~').forEach(c -> text.append((char) c));
                document.append("field" + field, text.toString());
            }
            documents.insertOne(document);
        }
    }
}
