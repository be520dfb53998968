package dev.holdfast.cli.live;

import dev.holdfast.cli.exec.HeldScript;
import dev.holdfast.cli.run.CliContext.UnreachableHost;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Topology;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The estate's lock, one on every host.
 *
 * <ol>
 *   <li>All hosts are greeted at once; of those that answer the locks are taken one after the other, in the file's order.
 *   <li>A host that does not answer is left out; should it answer later, its lock is taken before the first change there.
 *   <li>A lock that went with its connection is taken anew before the next change; meanwhile somebody else may have it.
 * </ol>
 *
 * Invariant: nothing is changed on a host, or in a server on it, whose lock is not held.
 */
final class EstateLock {

    private static final Duration SOON = Duration.ofSeconds(10);
    /** A host that is not there is noticed sooner than that by its line; this is for one that is slow. */
    private static final Duration GREETING = Duration.ofSeconds(30);
    /** How long a lock outlives a line that is cut without a word; several beats long. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final String LOCKED = Integer.toString(ExitCode.LOCKED.code());

    private final Topology topology;
    private final LiveExecutionContext live;
    private final Map<String, HostLock> places = new LinkedHashMap<>();
    private String owner = "";

    EstateLock(Topology topology, LiveExecutionContext live) {
        this.topology = topology;
        this.live = live;
        topology.hosts().values().forEach(h -> places.putIfAbsent(name(h), new HostLock(h)));
    }

    /** One host for each folder that the estate has: local hosts often share one. */
    Collection<Host> places() {
        return places.values().stream().map(p -> p.host).toList();
    }

    private static String name(Host host) {
        return host.reach() instanceof HostAccess.Ssh ssh
                ? host.address() + " " + ssh.port() + " " + host.directory()
                : host.directory();
    }

    /** @return the hosts that do not answer */
    List<UnreachableHost> take(String command) {
        owner = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " pid "
                + ProcessHandle.current().pid() + " on " + thisMachine() + " (holdfast " + command + ")";
        live.sideBySide(
                places.values().stream().<Supplier<Boolean>>map(p -> p::greets).toList());
        List<UnreachableHost> unreached = new ArrayList<>();
        for (HostLock place : places.values()) {
            ActionResult why = place.last;
            if (why.isOk()) {
                why = place.take();
            }
            if (why.isSilent()) {
                unreached.add(new UnreachableHost(place.host.name(), why.text().strip()));
            } else if (!why.isOk()) {
                throw trouble(place.host, why);
            }
        }
        if (unreached.size() == places.size()) {
            throw new HoldfastException(
                    ExitCode.UNREACHABLE,
                    topology.name(),
                    "no host answers: "
                            + String.join(
                                    "; ",
                                    unreached.stream().map(UnreachableHost::why).toList()),
                    UnreachableHost.HINT);
        }
        return unreached;
    }

    /** Why nothing may be changed on a host; empty when its lock is held. */
    Optional<ActionResult> missing(Host host) {
        HostLock place = host.equals(topology.hosts().get(host.name())) ? places.get(name(host)) : null;
        return place == null ? Optional.empty() : place.missing();
    }

    private HoldfastException trouble(Host host, ActionResult answer) {
        return answer.isRefused(LOCKED)
                ? new HoldfastException(
                        ExitCode.LOCKED,
                        host.name(),
                        "another run holds the lock of estate " + topology.name() + ": " + description(answer.text()),
                        "wait for it to end; the lock goes with the process, and at most " + LEASE.toSeconds()
                                + " s after its line is cut, so there is nothing to clean up")
                : new HoldfastException(
                        ExitCode.REFUSED,
                        host.name(),
                        "the lock in " + host.directory() + " cannot be taken: "
                                + answer.text().strip(),
                        "Holdfast needs to be able to make and write that directory; set directory: in the topology");
    }

    /** One lock, as it stands. */
    private final class HostLock {
        private final Host host;
        private HeldScript held = HeldScript.not(ActionResult.silent("not asked yet"));
        private ActionResult last = held.first();
        private long tried = System.nanoTime() - AGAIN.toNanos(); // the wall clock can be set back

        HostLock(Host host) {
            this.host = host;
        }

        /** Whether the host answers at all; a local one does. */
        boolean greets() {
            last = live.isFar(host)
                    ? live.ask(new Action.RunScript(host, Script.of("host/greet.sh"), Action.Access.LOOK, GREETING))
                    : ActionResult.ok("");
            tried = System.nanoTime();
            return last.isOk();
        }

        /** Takes it; one that an earlier connection of this very run still has is waited for. */
        ActionResult take() {
            Script script = Script.of("host/lock.sh")
                    .with("directory", host.directory())
                    .with("owner", owner)
                    .with("lease", live.isFar(host) ? LEASE.toSeconds() : "");
            long end = System.nanoTime() + LEASE.plus(SOON).toNanos();
            do {
                held = live.hold(host, script, SOON);
                last = held.first();
                tried = System.nanoTime();
                if (!last.isRefused(LOCKED) || !last.text().strip().equals(owner)) {
                    return last;
                }
                live.pause(BETWEEN);
            } while (System.nanoTime() - end < 0);
            return last;
        }

        synchronized Optional<ActionResult> missing() {
            if (last.isOk() && held.isThere()) {
                return Optional.empty();
            }
            boolean justTried = !last.isOk() && System.nanoTime() - tried < AGAIN.toNanos();
            ActionResult now = justTried ? last : take();
            if (now.isOk()) {
                return Optional.empty();
            }
            String lock = "the lock of host " + host.name() + " is not held, so nothing is changed there: ";
            return Optional.of(
                    now.isSilent()
                            ? ActionResult.silent(lock + now.text())
                            : ActionResult.refused(
                                    now.code(), lock + trouble(host, now).getMessage()));
        }
    }

    /** The owner's line with its age, e.g. "pid 71 on db1 (holdfast apply), since 12 s". */
    private static String description(String owner) {
        int space = owner.indexOf(' ');
        try {
            Duration age = Duration.between(Instant.parse(owner.substring(0, space)), Instant.now());
            return owner.substring(space + 1) + ", since " + age.toSeconds() + " s";
        } catch (RuntimeException noTime) {
            return owner;
        }
    }

    private static String thisMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException noName) {
            return "this machine";
        }
    }
}
