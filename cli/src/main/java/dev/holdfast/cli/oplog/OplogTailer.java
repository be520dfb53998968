package dev.holdfast.cli.oplog;

import com.mongodb.CursorType;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import dev.holdfast.backup.OplogArchiver.Source;
import dev.holdfast.backup.RecoveryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * Archives one replica set: reads majority-committed operations from any member, in oplog order.
 *
 * <p>The first operation read must be the last one archived, with the same time and term. Otherwise operations are missing
 * for good, and the archive starts again after a gap. On a quiet replica set a note is written, so that the end of its
 * archive is known to be recent.
 */
final class OplogTailer implements Runnable {

    private static final int AT_ONCE = 1000;
    private static final long PACE_MILLIS = 300;
    private static final long RETRY_MILLIS = 500;
    private static final long DURABLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long GREATEST_SLICE = 64L << 20;
    private static final int BEFORE_SECONDS = 600;

    private final Source source;
    private final MongoClient client;
    private final Document note;
    private final Consumer<String> log;
    private final Path folder;
    private volatile boolean ending;
    private OplogWriter record;
    private long synced = System.nanoTime();
    private long lastAnswer = System.nanoTime();
    private long begun = System.nanoTime();
    private boolean unsynced;
    private boolean isFailing;

    /** @param note the command that writes to a quiet replica set's oplog */
    OplogTailer(Source source, MongoClient client, Document note, Consumer<String> log) {
        this.source = source;
        this.client = client;
        this.note = note;
        this.log = log;
        this.folder = Path.of(source.folder());
    }

    /** Requests the end: what was read is then on disk and the slice is closed. */
    void end() {
        ending = true;
    }

    @Override
    public void run() {
        try {
            record = new OplogWriter(folder);
            writeStatus();
            while (!ending) {
                try {
                    follow();
                } catch (MongoException lost) {
                    outage(lost);
                }
            }
            record.close();
            writeStatus();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(
                    source.name() + ": the archive in " + folder + " cannot be written: " + broken.getMessage(),
                    broken);
        }
    }

    private void outage(MongoException lost) throws IOException {
        if (!isFailing) {
            isFailing = true;
            log.accept(source.name() + ": cannot be read now: " + lost.getMessage());
        }
        durable(true);
        rest(RETRY_MILLIS);
    }

    private void follow() throws IOException {
        if (record.last().isEmpty()) {
            start();
        }
        BsonTimestamp from = record.last().map(OplogReader::at).orElseThrow();
        boolean joined = false;
        try (MongoCursor<RawBsonDocument> cursor = oplog().find(Filters.gte("ts", from))
                .cursorType(CursorType.TailableAwait)
                .maxAwaitTime(1, TimeUnit.SECONDS)
                .batchSize(AT_ONCE)
                .noCursorTimeout(true)
                .iterator()) {
            while (!ending) {
                RawBsonDocument next = cursor.tryNext();
                if (next == null) {
                    if (cursor.getServerCursor() == null) {
                        // this member does not have the operation yet
                        rest(RETRY_MILLIS);
                        return;
                    }
                    quiet();
                } else if (joined) {
                    take(next);
                } else {
                    join(next);
                    joined = true;
                }
                if (cursor.available() == 0) {
                    durable(false);
                    rest(PACE_MILLIS);
                }
            }
        }
    }

    /**
     * A new archive begins where a backup ended, when the oplog still reaches that far back, or else ten minutes before the last
     * operation: a backup that is in progress ends before the operation that the archiver reads first.
     */
    private void start() throws IOException {
        RawBsonDocument found = source.from().map(this::find).orElse(null);
        if (found == null) {
            found = recent();
        }
        if (found == null) {
            rest(RETRY_MILLIS);
            throw new MongoException("the replica set has no oplog yet");
        }
        record.begin(found);
        log.accept(source.name() + ": the archive begins with " + OplogSliceFile.text(OplogReader.at(found)));
    }

    private RawBsonDocument recent() {
        RawBsonDocument last =
                oplog().find().sort(Sorts.descending("$natural")).limit(1).first();
        if (last == null) {
            return null;
        }
        int seconds = Math.max(0, OplogReader.at(last).getTime() - BEFORE_SECONDS);
        return oplog().find(Filters.gte("ts", new BsonTimestamp(seconds, 0)))
                .limit(1)
                .first();
    }

    private RawBsonDocument find(RecoveryTarget.ClusterTime moment) {
        BsonTimestamp at = new BsonTimestamp((int) moment.seconds(), (int) moment.increment());
        RawBsonDocument found = oplog().find(Filters.gte("ts", at)).limit(1).first();
        return found != null && OplogReader.at(found).equals(at) ? found : null;
    }

    private void join(RawBsonDocument found) throws IOException {
        RawBsonDocument last = record.last().orElseThrow();
        // the first operations of a new replica set have no term
        if (OplogReader.at(found).equals(OplogReader.at(last)) && Objects.equals(found.get("t"), last.get("t"))) {
            if (isFailing) {
                log.accept(source.name() + ": can be read again");
            }
        } else {
            log.accept(source.name() + ": GAP: after " + OplogSliceFile.text(OplogReader.at(last))
                    + " the oplog begins with " + OplogSliceFile.text(OplogReader.at(found))
                    + "; make a new base backup: holdfast backup run");
            record.gap(found);
            begun = System.nanoTime();
        }
        isFailing = false;
        writeStatus();
    }

    private void take(RawBsonDocument operation) throws IOException {
        if (record.fresh() == 0) {
            begun = System.nanoTime();
        }
        record.append(operation);
        unsynced = true;
        lastAnswer = System.nanoTime();
    }

    /** Nothing was read for a while: a note distinguishes "nothing happened" from "nothing arrived". */
    private void quiet() {
        if (System.nanoTime() - lastAnswer > QUIET_NANOS) {
            lastAnswer = System.nanoTime();
            try {
                client.getDatabase("admin").runCommand(note, ReadPreference.primary());
            } catch (com.mongodb.MongoCommandException notNow) {
                // the member is locked for a backup or no longer primary: the next note will show it
                return;
            }
        }
    }

    private void durable(boolean atOnce) throws IOException {
        long now = System.nanoTime();
        if (unsynced && (atOnce || now - synced > DURABLE_NANOS)) {
            record.sync();
            unsynced = false;
            synced = now;
            writeStatus();
        }
        boolean old = now - begun > source.every().toNanos();
        if (record.fresh() > 0 && (old || record.bytes() > GREATEST_SLICE)) {
            record.close(true);
            begun = now;
        }
    }

    /** Records how far the archive certainly reaches, for {@code backup list}. */
    private void writeStatus() throws IOException {
        if (record.last().isEmpty()) {
            return;
        }
        Path clusterConfig = folder.resolve(".state");
        Files.writeString(
                clusterConfig,
                OplogSliceFile.text(OplogReader.at(record.last().get())) + "\t"
                        + Instant.now().toEpochMilli() + "\t"
                        + ProcessHandle.current().pid() + "\n");
        Files.move(
                clusterConfig,
                folder.resolve("state"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private MongoCollection<RawBsonDocument> oplog() {
        return client.getDatabase("local")
                .getCollection("oplog.rs", RawBsonDocument.class)
                .withReadConcern(ReadConcern.MAJORITY)
                .withReadPreference(ReadPreference.secondaryPreferred());
    }

    private void rest(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            ending = true;
        }
    }
}
