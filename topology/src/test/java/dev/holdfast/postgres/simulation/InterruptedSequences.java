package dev.holdfast.postgres.simulation;

import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sequences in which the CLI is killed before one of the actions of a role change, and its candidate is lost. The candidate can
 * have been promoted, and nothing but the fence of the old primary shows it.
 */
final class InterruptedSequences {

    static final List<String> FIRST = List.of("switchover payments", "failover payments");
    static final List<Kind> FATES = List.of(
            Kind.KILL,
            Kind.STOP,
            Kind.WIPE,
            Kind.POWER_OFF,
            Kind.ISOLATE,
            Kind.CUT_FROM_CLI,
            Kind.CUT_PORT,
            Kind.FREEZE);
    static final List<String> NEXT = List.of(
            "switchover payments",
            "switchover payments --to d1",
            "failover payments",
            "failover payments --to d1",
            "failover payments --to a1",
            "apply");

    private static final int ACTIONS = 14;

    private InterruptedSequences() {}

    static Stream<PostgresSequence> candidateLost(
            Durability durability, List<String> first, List<Kind> fates, List<String> next) {
        return first.stream()
                .flatMap(f -> IntStream.range(0, ACTIONS)
                        .boxed()
                        .flatMap(n -> fates.stream()
                                .flatMap(fate -> next.stream().map(c -> sequence(durability, f, n, fate, c)))));
    }

    private static PostgresSequence sequence(Durability durability, String first, int action, Kind fate, String next) {
        List<SimulatedEvent> events = started(first, action);
        events.add(SimulatedEvent.of(Kind.WRITE, "b1"));
        events.add(SimulatedEvent.of(fate, "b1"));
        events.add(SimulatedEvent.command(next));
        events.add(SimulatedEvent.of(Kind.WRITE, "a1"));
        return sequence(durability, events);
    }

    /** The candidate stops, the operator names another one, that command is killed too, and the other one is lost. */
    static Stream<PostgresSequence> bothLost(
            Durability durability, List<String> first, List<Kind> fates, List<String> next) {
        return first.stream()
                .flatMap(f -> IntStream.range(0, ACTIONS)
                        .boxed()
                        .flatMap(n -> IntStream.range(0, ACTIONS)
                                .boxed()
                                .flatMap(m -> fates.stream()
                                        .flatMap(fate ->
                                                next.stream().map(c -> sequence(durability, f, n, m, fate, c))))));
    }

    private static PostgresSequence sequence(
            Durability durability, String first, int action, int second, Kind fate, String next) {
        List<SimulatedEvent> events = started(first, action);
        events.add(SimulatedEvent.of(Kind.KILL, "b1"));
        events.add(SimulatedEvent.killed(first + " --to d1", second));
        events.add(SimulatedEvent.of(Kind.WRITE, "d1"));
        events.add(SimulatedEvent.of(fate, "d1"));
        events.add(SimulatedEvent.command(next));
        return sequence(durability, events);
    }

    /** Returns each nth sequence. */
    static Stream<PostgresSequence> every(int nth, Stream<PostgresSequence> sequences) {
        AtomicInteger number = new AtomicInteger();
        return sequences.filter(s -> number.getAndIncrement() % nth == 0);
    }

    private static List<SimulatedEvent> started(String command, int action) {
        List<SimulatedEvent> events = new ArrayList<>();
        if (command.startsWith("failover")) {
            events.add(SimulatedEvent.of(Kind.KILL, "a1"));
        }
        events.add(SimulatedEvent.killed(command, action));
        return events;
    }

    private static PostgresSequence sequence(Durability durability, List<SimulatedEvent> events) {
        return PostgresSequence.found(durability, false, events.toArray(SimulatedEvent[]::new))
                .withDirectClients();
    }
}
