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
 * The estate's lock, with one part on every host.
 *
 * <ol>
 *   <li>Contact all hosts in parallel; take the locks of those that answer one by one, in the file's order.
 *   <li>Leave out a host that does not answer; if it answers later, take its lock before the first change there.
 *   <li>When a lock was lost with its connection, take it again before the next change; another run can have it by then.
 * </ol>
 *
 * Invariant: Holdfast changes nothing on a host, or in a server on it, without that host's lock.
 */
final class EstateLock {

    private static final Duration SOON = Duration.ofSeconds(10);
    /** The deadline for a slow host. The connection attempt notices a host that is down sooner. */
    private static final Duration GREETING = Duration.ofSeconds(30);
    /** How long a lock outlives a connection that is cut silently; several heartbeats long. */
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

    /** One host for each directory of the estate: local hosts often share one. */
    Collection<Host> places() {
        return places.values().stream().map(p -> p.host).toList();
    }

    private static String name(Host host) {
        return host.reach() instanceof HostAccess.Ssh ssh
                ? ssh.machine(host.address()) + " " + host.directory()
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

    /** Returns why nothing can be changed on a host; empty when its lock is held. */
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
                        "wait until that run ends. Its lock ends with the process, or at most " + LEASE.toSeconds()
                                + " s after its connection is lost, so there is nothing to clean up")
                : new HoldfastException(
                        ExitCode.REFUSED,
                        host.name(),
                        "the lock in " + host.directory() + " cannot be taken: "
                                + answer.text().strip(),
                        "make that directory writable, or set another directory: in the topology");
    }

    /** The state of one lock. */
    private final class HostLock {
        private final Host host;
        private HeldScript held = HeldScript.not(ActionResult.silent("not requested yet"));
        private ActionResult last = held.first();
        private long tried = System.nanoTime() - AGAIN.toNanos(); // the wall clock can be set back

        HostLock(Host host) {
            this.host = host;
        }

        /** Whether the host answers; a local host always does. */
        boolean greets() {
            last = live.isFar(host)
                    ? live.ask(new Action.RunScript(host, Script.of("host/greet.sh"), Action.Access.LOOK, GREETING))
                    : ActionResult.ok("");
            tried = System.nanoTime();
            return last.isOk();
        }

        /** Takes the lock; waits for a lock that an earlier connection of this run still holds. */
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

    /** Returns the owner's line with its age, e.g. "pid 71 on db1 (holdfast apply), since 12 s". */
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
