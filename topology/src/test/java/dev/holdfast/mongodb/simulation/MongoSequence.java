package dev.holdfast.mongodb.simulation;

import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import dev.holdfast.simulation.SimulatedSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A replica set and the events that happen to it. The same seed gives the same sequence.
 *
 * @param patience after how many commands everything that was cut off or frozen comes back
 */
record MongoSequence(long seed, Layout layout, int patience, List<SimulatedEvent> events) implements SimulatedSequence {

    /** The members of a set. */
    enum Layout {
        THREE,
        /** The first member has a higher priority. */
        PREFERRED,
        /** The third member is an arbiter. */
        ARBITER,
        /** The third member votes and has priority 0. */
        PASSIVE,
        /** The third member is hidden from clients. */
        HIDDEN,
        FIVE;

        private List<String> members() {
            return this == FIVE ? List.of("a1", "b1", "c1", "d1", "e1") : List.of("a1", "b1", "c1");
        }

        MongoCluster cluster() {
            MongoCluster cluster = Wanted.replicaSet(members().toArray(String[]::new));
            return switch (this) {
                case PREFERRED -> Wanted.with(cluster, 0, m -> Wanted.priority(m, 2));
                case ARBITER -> Wanted.with(cluster, 2, Wanted::arbiter);
                case PASSIVE -> Wanted.with(cluster, 2, m -> Wanted.priority(m, 0));
                case HIDDEN ->
                    Wanted.with(
                            cluster, 2, m -> new MongoCluster.Member(m.node(), 0, 1, true, false, m.delay(), m.tags()));
                default -> cluster;
            };
        }
    }

    private static final List<Kind> KINDS = List.of(
            Kind.WRITE,
            Kind.KILL,
            Kind.KILL,
            Kind.KILL,
            Kind.STOP,
            Kind.START,
            Kind.FREEZE,
            Kind.RESUME,
            Kind.POWER_OFF,
            Kind.POWER_ON,
            Kind.WIPE,
            Kind.WIPE,
            Kind.CUT_FROM_CLI,
            Kind.CUT_PORT,
            Kind.ISOLATE,
            Kind.ISOLATE,
            Kind.PART,
            Kind.STALL,
            Kind.STALL,
            Kind.CATCH_UP,
            Kind.FORCE,
            Kind.REMOVE,
            Kind.STEP_DOWN,
            Kind.TIME,
            Kind.TIME,
            Kind.COMMAND,
            Kind.COMMAND,
            Kind.COMMAND,
            Kind.COMMAND,
            Kind.COMMAND,
            Kind.COMMAND);

    private static final List<String> COMMANDS = List.of(
            "apply",
            "apply",
            "failover social/rs",
            "failover social/rs --accept-data-loss",
            "failover social/rs --accept-data-loss",
            "failover social/rs --override=others-silent --accept-data-loss",
            "switchover social/rs",
            "switchover social/rs --to ",
            "failover social/rs --to ",
            "rejoin social/rs/",
            "rejoin social/rs/");

    static MongoSequence of(long seed) {
        Random chance = new Random(seed * 0x9E3779B97F4A7C15L);
        Layout layout = Layout.values()[Math.max(0, chance.nextInt(9) - 3)];
        int patience = 1 + chance.nextInt(4);
        List<SimulatedEvent> events = new ArrayList<>();
        for (int i = 2 + chance.nextInt(8); i > 0; i--) {
            Kind kind = KINDS.get(chance.nextInt(KINDS.size()));
            List<String> members = layout.members();
            String member = members.get(chance.nextInt(10) < 3 ? 0 : chance.nextInt(members.size()));
            int detail = chance.nextInt(1 << 16);
            events.add(
                    kind == Kind.COMMAND
                            ? SimulatedEvent.command(COMMANDS, member, detail)
                            : SimulatedEvent.of(kind, member, detail));
        }
        return new MongoSequence(seed, layout, patience, List.copyOf(events));
    }

    /** Returns a sequence that was once found. */
    static MongoSequence found(Layout layout, SimulatedEvent... events) {
        return new MongoSequence(-1, layout, 4, List.of(events));
    }

    @Override
    public MongoSequence with(List<SimulatedEvent> fewer) {
        return new MongoSequence(seed, layout, patience, List.copyOf(fewer));
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + SimulatedSequence.words(layout) + ", patience " + patience;
    }
}
