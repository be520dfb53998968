package dev.holdfast.cli.oplog;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.holdfast.backup.OplogArchiver;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.Document;

/** The service that archives the oplogs of replica sets into directories of this machine, with one thread and client per set. */
public final class LiveOplogArchiver implements OplogArchiver {

    private static final int READ_SECONDS = 15;
    private static final int CLOSE_SECONDS = 20;

    private final SecretStore secrets;
    private final ScriptRenderer words;

    public LiveOplogArchiver(SecretStore secrets) {
        this.secrets = secrets;
        this.words = new ScriptRenderer(secrets);
    }

    @Override
    public void archive(List<Source> sources, Consumer<String> log) {
        List<FileChannel> locks = new ArrayList<>();
        List<MongoClient> clients = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(sources.size());
        try {
            sources.forEach(s -> locks.add(lock(s)));
            Document note = Document.parse(words.json(Script.of("mongodb/oplog-note.json")));
            List<OplogTailer> tails = new ArrayList<>();
            for (Source source : sources) {
                MongoClient client = client(source);
                clients.add(client);
                tails.add(new OplogTailer(source, client, note, log));
            }
            awaitEnd(tails, threads);
        } finally {
            threads.shutdownNow();
            clients.forEach(MongoClient::close);
            locks.forEach(LiveOplogArchiver::unlock);
        }
    }

    /** Waits until it is interrupted, or until one replica set cannot continue; then all end cleanly. */
    private static void awaitEnd(List<OplogTailer> tails, ExecutorService threads) {
        List<CompletableFuture<Void>> running =
                tails.stream().map(t -> CompletableFuture.runAsync(t, threads)).toList();
        try {
            CompletableFuture.anyOf(running.toArray(CompletableFuture[]::new)).get();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException broken) {
            throw new HoldfastException(
                    ExitCode.TOOL_FAILED,
                    "archive",
                    String.valueOf(broken.getCause().getMessage()),
                    "solve the reported problem and start the archiver again; the archiver continues where it stopped",
                    broken.getCause());
        } finally {
            boolean interrupted = Thread.interrupted();
            tails.forEach(OplogTailer::end);
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                    .exceptionally(failed -> null)
                    .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
                    .join();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static FileChannel lock(Source source) {
        Path file = Path.of(source.folder()).resolve("lock");
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tried(channel);
            if (lock == null) {
                channel.close();
                throw new HoldfastException(
                        ExitCode.LOCKED,
                        source.name(),
                        "another archiver uses " + source.folder(),
                        "only one archiver can run; the file state in that directory names its process");
            }
            return channel;
        } catch (IOException refused) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    source.name(),
                    "the directory " + source.folder() + " cannot be written: " + refused.getMessage(),
                    "the repository must be on this machine or mounted here, and writable for this user");
        }
    }

    private static FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            return null;
        }
    }

    private static void unlock(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            // the lock ends with the process
            return;
        }
    }

    private MongoClient client(Source source) {
        return MongoClients.create(MongoClientSettings.builder()
                .applicationName("holdfast-archive")
                .applyToConnectionPoolSettings(p -> p.maxSize(4))
                .applyToSocketSettings(
                        s -> s.connectTimeout(5, TimeUnit.SECONDS).readTimeout(READ_SECONDS, TimeUnit.SECONDS))
                .applyToClusterSettings(c -> c.hosts(source.seeds().stream()
                                .map(n -> new ServerAddress(n.host().address(), n.port()))
                                .toList())
                        .requiredReplicaSetName(source.replicaSet())
                        .serverSelectionTimeout(READ_SECONDS, TimeUnit.SECONDS))
                .credential(MongoCredential.createScramSha256Credential(
                        source.login().user(),
                        source.login().source(),
                        secrets.value(source.login().password()).toCharArray()))
                .build());
    }
}
