package dev.holdfast.cli.hands;

import dev.holdfast.backup.Archivist;
import dev.holdfast.cli.command.Desk;
import dev.holdfast.drill.Witness;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Topology;
import dev.holdfast.world.Action;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The live world of one estate, with its lock. */
public final class LiveHands implements Desk.Hands {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final LiveWorld live;
    private final Locks locks;
    private final Secrets secrets;
    private final World world;

    public LiveHands(Topology topology, LiveWorld live, Secrets secrets, Optional<Ledger> ledger) {
        this.secrets = secrets;
        this.live = live;
        this.locks = new Locks(topology, live);
        this.world = ledger.<World>map(l -> new RecordingWorld(new LockedWorld(live, locks), l))
                .orElse(live);
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public List<Desk.Unreached> lock(String command) {
        return locks.take(command);
    }

    @Override
    public Witness witness(Path folder) throws IOException {
        return new LiveWitness(secrets, folder);
    }

    @Override
    public Archivist archivist() {
        return new LiveArchivist(secrets);
    }

    @Override
    public void vacate() {
        locks.places()
                .forEach(h -> world.ask(new Action.Exec(
                        h, Script.of("host/vacate.sh").with("directory", h.directory()), Action.Intent.CHANGE, SOON)));
    }

    @Override
    public void close() {
        live.close();
    }
}
