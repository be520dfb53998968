package dev.holdfast.postgres.simulation;

import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import dev.holdfast.simulation.SimulatedSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A cluster and the events that happen to it. The same seed gives the same sequence.
 *
 * @param isWide whether it has a third member of the main site
 * @param areDirect whether clients connect to every primary that they find, and not only through the proxies
 * @param patience after how many commands everything that was cut off or frozen comes back
 */
record PostgresSequence(
        long seed,
        Durability durability,
        boolean serves,
        boolean isWide,
        Method method,
        int count,
        int proxies,
        boolean areDirect,
        int patience,
        List<SimulatedEvent> events)
        implements SimulatedSequence {

    private static final List<Kind> KINDS = List.of(
            Kind.WRITE,
            Kind.KILL,
            Kind.STOP,
            Kind.START,
            Kind.FREEZE,
            Kind.RESUME,
            Kind.POWER_OFF,
            Kind.POWER_ON,
            Kind.WIPE,
            Kind.CUT_FROM_CLI,
            Kind.CUT_PORT,
            Kind.ISOLATE,
            Kind.STALL,
            Kind.CATCH_UP,
            Kind.PROMOTE,
            Kind.ALTER,
            Kind.RESET,
            Kind.TIME,
            Kind.COMMAND);

    private static final List<String> COMMANDS = List.of(
            "apply",
            "failover payments",
            "failover payments",
            "failover payments --override=fenced-by-hand",
            "failover payments --override=fenced-by-hand --accept-data-loss",
            "switchover payments",
            "switchover payments --to ",
            "failover payments --to ",
            "rejoin payments/servers/",
            "failover payments --accept-data-loss");

    /** Events that are more frequent, so that combinations that lose data are. */
    private static final List<Kind> FREQUENT = List.of(
            Kind.WRITE,
            Kind.WRITE,
            Kind.KILL,
            Kind.KILL,
            Kind.PROMOTE,
            Kind.STALL,
            Kind.ISOLATE,
            Kind.COMMAND,
            Kind.COMMAND,
            Kind.COMMAND);

    static PostgresSequence of(long seed) {
        Random chance = new Random(seed * 0x9E3779B97F4A7C15L);
        Durability durability = Durability.values()[Math.max(0, chance.nextInt(6) - 3)];
        boolean isWide = chance.nextInt(3) == 0;
        Method method = Method.values()[chance.nextInt(2)];
        int count = isWide ? 1 + chance.nextInt(2) : 1;
        boolean serves = chance.nextInt(4) == 0;
        int proxies = chance.nextInt(3);
        boolean areDirect = proxies == 0 || chance.nextInt(3) == 0;
        int patience = 1 + chance.nextInt(4);
        List<String> members = isWide ? List.of("a1", "b1", "c1", "d1") : List.of("a1", "b1", "d1");
        List<SimulatedEvent> events = new ArrayList<>();
        for (int i = 2 + chance.nextInt(8); i > 0; i--) {
            int number = chance.nextInt(KINDS.size() + FREQUENT.size());
            Kind kind = number < FREQUENT.size() ? FREQUENT.get(number) : KINDS.get(number - FREQUENT.size());
            String member = members.get(chance.nextInt(10) < 4 ? 0 : chance.nextInt(members.size()));
            int detail = chance.nextInt(1 << 16);
            events.add(
                    kind == Kind.COMMAND
                            ? SimulatedEvent.command(COMMANDS, member, detail)
                            : SimulatedEvent.of(kind, member, detail));
        }
        return new PostgresSequence(
                seed, durability, serves, isWide, method, count, proxies, areDirect, patience, List.copyOf(events));
    }

    /** A sequence that was once found, of a cluster with proxies on a1 and b1 and clients that only use them. */
    static PostgresSequence found(Durability durability, boolean isWide, SimulatedEvent... events) {
        return new PostgresSequence(-1, durability, false, isWide, Method.FIRST, 1, 2, false, 4, List.of(events));
    }

    /** The same, with clients that connect to every primary. */
    PostgresSequence withDirectClients() {
        return new PostgresSequence(seed, durability, serves, isWide, method, count, proxies, true, patience, events);
    }

    @Override
    public PostgresSequence with(List<SimulatedEvent> fewer) {
        return new PostgresSequence(
                seed, durability, serves, isWide, method, count, proxies, areDirect, patience, List.copyOf(fewer));
    }

    Trio trio() {
        Trio trio = new Trio().durability(durability).waitsFor(method, count);
        if (serves) {
            trio.serves();
        }
        if (isWide) {
            trio.member("c1", MemberRole.SYNC);
        }
        trio.proxies.clear();
        trio.proxies.addAll(List.of("a1", "b1").subList(0, proxies));
        return trio;
    }

    /** Describes the cluster. */
    String cluster() {
        return SimulatedSequence.words(durability) + (serves ? ", serve" : "") + ", " + method + " " + count + " of "
                + (isWide ? 4 : 3) + " members, proxies: " + proxies;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + cluster() + (areDirect ? ", direct clients" : "") + ", patience " + patience;
    }
}
