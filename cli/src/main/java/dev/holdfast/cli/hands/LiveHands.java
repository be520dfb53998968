package dev.holdfast.cli.hands;

import dev.holdfast.cli.command.Desk;
import dev.holdfast.drill.Witness;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Host;
import dev.holdfast.model.Reach;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The live world of one estate, with its lock. */
public final class LiveHands implements Desk.Hands {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final Topology topology;
    private final LiveWorld live;
    private final Secrets secrets;
    private final World world;

    public LiveHands(Topology topology, LiveWorld live, Secrets secrets, Optional<Ledger> ledger) {
        this.topology = topology;
        this.secrets = secrets;
        this.live = live;
        this.world = ledger.<World>map(l -> new RecordingWorld(live, l)).orElse(live);
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public void lock(String command) {
        String owner = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " pid "
                + ProcessHandle.current().pid() + " on " + thisMachine() + " (holdfast " + command + ")";
        places().forEach(h -> lock(h, owner));
    }

    @Override
    public Witness witness(Path folder) throws IOException {
        return new LiveWitness(secrets, folder);
    }

    @Override
    public void vacate() {
        places().forEach(h -> world.ask(new Action.Exec(
                h, Script.of("host/vacate.sh").with("directory", h.directory()), Action.Intent.CHANGE, SOON)));
    }

    /** One host for each folder that the estate has: local hosts often share one. */
    private Collection<Host> places() {
        Map<String, Host> places = new LinkedHashMap<>();
        topology.hosts().values().forEach(h -> places.putIfAbsent(place(h), h));
        return places.values();
    }

    private void lock(Host host, String owner) {
        Script script =
                Script.of("host/lock.sh").with("directory", host.directory()).with("owner", owner);
        Answer answer = live.hold(host, script, SOON);
        if (answer.isOk()) {
            return;
        }
        if (answer.isRefused(Integer.toString(Exit.LOCKED.code()))) {
            throw new Trouble(
                    Exit.LOCKED,
                    host.name(),
                    "another run holds the lock of estate " + topology.name() + ": " + told(answer.text()),
                    "wait for it to end; the lock goes with the process, so there is nothing to clean up");
        }
        throw new Trouble(
                answer.isSilent() ? Exit.UNREACHABLE : Exit.REFUSED,
                host.name(),
                "the lock in " + host.directory() + " cannot be taken: "
                        + answer.text().strip(),
                "Holdfast needs to be able to make and write that directory; set directory: in the topology");
    }

    /** The owner's line with its age, e.g. "pid 71 on db1 (holdfast apply), since 12 s". */
    private static String told(String owner) {
        int space = owner.indexOf(' ');
        try {
            Duration age = Duration.between(Instant.parse(owner.substring(0, space)), Instant.now());
            return owner.substring(space + 1) + ", since " + age.toSeconds() + " s";
        } catch (RuntimeException noTime) {
            return owner;
        }
    }

    private static String place(Host host) {
        return host.reach() instanceof Reach.Ssh ? host.address() + " " + host.directory() : host.directory();
    }

    private static String thisMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException noName) {
            return "this machine";
        }
    }

    @Override
    public void close() {
        live.close();
    }
}
