package dev.holdfast.cli.load;

import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.files.ReadBackFile;
import dev.holdfast.cli.files.WriteHistoryFile;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.ledger.ClientStalls;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Node;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload;
import dev.holdfast.plan.Workload.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The load generator of a real run: one thread per lane, one client per stream, one record on disk. */
public final class LiveLoadGenerator implements LoadGenerator {

    private final SecretStore secrets;
    private final Path folder;
    private final WriteHistoryFile record;
    private final long origin = System.nanoTime();
    private final List<WriteTarget> targets = new ArrayList<>();
    private final List<WriterLoop> lanes = new ArrayList<>();
    private final List<WriterLoop.Counters> tallies = new ArrayList<>();
    private final List<CompletableFuture<Void>> under = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "holdfast-lane");
        thread.setDaemon(true);
        return thread;
    });
    private final StallDetector pulse;
    private Workload workload;
    private boolean stopped;

    /** @param folder the directory of the run, for the record of writes and what is read back */
    public LiveLoadGenerator(SecretStore secrets, Path folder) throws IOException {
        this.secrets = secrets;
        this.folder = folder;
        this.record = new WriteHistoryFile(folder.resolve("writes.bin"));
        this.pulse = new StallDetector(folder, this::now);
    }

    @Override
    public void prepare(Workload desired) {
        workload = desired;
        for (int i = 0; i < desired.streams().size(); i++) {
            targets.add(target(desired.streams().get(i).endpoint(), i));
            tallies.add(new WriterLoop.Counters());
        }
        once(WriteTarget::clear);
        targets.forEach(WriteTarget::make);
    }

    private WriteTarget target(ClientEndpoint endpoint, int stream) {
        return endpoint instanceof ClientEndpoint.Sql postgres
                ? new PostgresWriteTarget(postgres, workload, stream, secrets)
                : new MongoWriteTarget((ClientEndpoint.Documents) endpoint, workload, stream, secrets);
    }

    /** Streams of one database share the rows that are cleared. */
    private void once(Consumer<WriteTarget> what) {
        Map<String, WriteTarget> places = new java.util.LinkedHashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            Stream stream = workload.streams().get(i);
            places.putIfAbsent(stream.cluster() + "/" + stream.endpoint().database(), targets.get(i));
        }
        places.values().forEach(what);
    }

    @Override
    public void start() {
        threads.execute(pulse);
        long begin = now();
        for (int i = 0; i < workload.streams().size(); i++) {
            Stream stream = workload.streams().get(i);
            long interval = 1_000_000_000L * stream.lanes() / stream.perSecond();
            for (int lane = 0; lane < stream.lanes(); lane++) {
                WriterLoop.Pace pace = new WriterLoop.Pace(
                        begin + interval * lane / stream.lanes(),
                        interval,
                        workload.deadline().toNanos());
                WorkloadWriter writer = targets.get(i).writer();
                lanes.add(new WriterLoop(i, lanes.size(), pace, writer, record, tallies.get(i), origin));
            }
        }
        lanes.forEach(l -> under.add(CompletableFuture.runAsync(l, threads)));
    }

    @Override
    public long now() {
        return System.nanoTime() - origin;
    }

    @Override
    public List<LoadGenerator.Counts> tallies() {
        return tallies.stream()
                .map(t -> new LoadGenerator.Counts(
                        t.acknowledged.get(),
                        t.refused.get(),
                        t.indeterminate.get(),
                        t.lastAcknowledged.get(),
                        t.messages.entrySet().stream()
                                .collect(Collectors.toMap(e -> e.getKey().name(), e -> secrets.hide(e.getValue())))))
                .toList();
    }

    @Override
    public ClientStalls stalls() {
        return pulse.stalls();
    }

    @Override
    public void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        pulse.stop();
        long end = now();
        lanes.forEach(l -> l.stopAt(end));
        try {
            under.forEach(CompletableFuture::join);
            record.close();
        } catch (CompletionException lane) {
            throw notKept(lane.getCause() instanceof UncheckedIOException disk ? disk.getCause() : null, lane);
        } catch (IOException failed) {
            throw notKept(failed, failed);
        }
    }

    private HoldfastException notKept(IOException disk, Exception failed) {
        if (disk == null && failed.getCause() instanceof RuntimeException other) {
            throw other;
        }
        return new HoldfastException(
                ExitCode.UNREACHABLE,
                folder.toString(),
                "the record of this drill cannot be written: " + AtomicFile.reason(disk)
                        + ". The faults were reverted, and nothing can be judged.",
                "df -h " + folder + "; free space there, then run the drill again",
                failed);
    }

    @Override
    public ReadBackResult readBack(int stream, Node from) {
        return readAside("", stream, from);
    }

    @Override
    public ReadBackResult readAside(String name, int stream, Node from) {
        ReadBackResult found = targets.get(stream).readBack(stream, from);
        try {
            ReadBackFile.write(folder, name, found);
        } catch (IOException failed) {
            throw notKept(failed, failed);
        }
        return found;
    }

    @Override
    public void clear() {
        once(WriteTarget::clear);
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            targets.forEach(WriteTarget::close);
            threads.shutdownNow();
        }
    }
}
