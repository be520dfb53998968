package dev.holdfast.cli.hands;

import dev.holdfast.cli.files.FoundFile;
import dev.holdfast.cli.files.WritesFile;
import dev.holdfast.drill.Witness;
import dev.holdfast.ledger.Found;
import dev.holdfast.ledger.Stalls;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Entrance;
import dev.holdfast.plan.Workload;
import dev.holdfast.plan.Workload.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The witness of a real run: a thread for each lane, a client for each stream, one record on disk. */
public final class LiveWitness implements Witness {

    private final Secrets secrets;
    private final Path folder;
    private final WritesFile record;
    private final long origin = System.nanoTime();
    private final List<Ground> grounds = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Lane.Tally> tallies = new ArrayList<>();
    private final List<CompletableFuture<Void>> under = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "holdfast-lane");
        thread.setDaemon(true);
        return thread;
    });
    private final Pulse pulse;
    private Workload workload;
    private boolean stopped;

    /** @param folder of the run: the record of writes and what is read back are kept there */
    public LiveWitness(Secrets secrets, Path folder) throws IOException {
        this.secrets = secrets;
        this.folder = folder;
        this.record = new WritesFile(folder.resolve("writes.bin"));
        this.pulse = new Pulse(folder, this::now);
    }

    @Override
    public void prepare(Workload wanted) {
        workload = wanted;
        for (int i = 0; i < wanted.streams().size(); i++) {
            grounds.add(ground(wanted.streams().get(i).entrance(), i));
            tallies.add(new Lane.Tally());
        }
        once(Ground::clear);
        grounds.forEach(Ground::make);
    }

    private Ground ground(Entrance entrance, int stream) {
        return entrance instanceof Entrance.Postgres postgres
                ? new PostgresGround(postgres, workload, stream, secrets)
                : new MongoGround((Entrance.Mongo) entrance, workload, stream, secrets);
    }

    /** Streams of one database share what is cleared. */
    private void once(Consumer<Ground> what) {
        Map<String, Ground> places = new java.util.LinkedHashMap<>();
        for (int i = 0; i < grounds.size(); i++) {
            Stream stream = workload.streams().get(i);
            places.putIfAbsent(stream.cluster() + "/" + stream.entrance().database(), grounds.get(i));
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
                Lane.Pace pace = new Lane.Pace(
                        begin + interval * lane / stream.lanes(),
                        interval,
                        workload.deadline().toNanos());
                Writer writer = grounds.get(i).writer();
                lanes.add(new Lane(i, lanes.size(), pace, writer, record, tallies.get(i), origin));
            }
        }
        lanes.forEach(l -> under.add(CompletableFuture.runAsync(l, threads)));
    }

    @Override
    public long now() {
        return System.nanoTime() - origin;
    }

    @Override
    public List<Witness.Tally> tallies() {
        return tallies.stream()
                .map(t -> new Witness.Tally(
                        t.acknowledged.get(),
                        t.refused.get(),
                        t.indeterminate.get(),
                        t.lastAcknowledged.get(),
                        t.told.entrySet().stream()
                                .collect(Collectors.toMap(e -> e.getKey().name(), e -> secrets.hide(e.getValue())))))
                .toList();
    }

    @Override
    public Stalls stalls() {
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
        } catch (IOException failed) {
            throw new UncheckedIOException("the record of writes cannot be kept", failed);
        }
    }

    @Override
    public Found readBack(int stream, Node from) {
        return readAside("", stream, from);
    }

    @Override
    public Found readAside(String name, int stream, Node from) {
        Found found = grounds.get(stream).readBack(stream, from);
        try {
            FoundFile.write(folder, name, found);
        } catch (IOException failed) {
            throw new UncheckedIOException("what was read back cannot be kept", failed);
        }
        return found;
    }

    @Override
    public void clear() {
        once(Ground::clear);
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            grounds.forEach(Ground::close);
            threads.shutdownNow();
        }
    }
}
