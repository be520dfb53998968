package dev.holdfast.preflight;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.preflight.PreflightRecords.Clock;
import dev.holdfast.preflight.PreflightRecords.Moment;
import dev.holdfast.preflight.PreflightRecords.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one host reports for preflight.
 *
 * @param nodes the facts about its nodes; nodes about which it reports nothing are missing
 * @param answer the records of {@link PreflightRecords}
 * @param sent when the question was sent, by the clock of this machine
 * @param received when the answer was here, by the clock of this machine
 */
public record HostObservation(
        Host host, Map<Node, HostFacts> nodes, ScriptAnswer answer, Instant sent, Instant received) {

    /** An offset of a clock, and the largest error of that offset; both in seconds. */
    public record Offset(double seconds, double bound) {}

    public boolean isReached() {
        return answer.isOk();
    }

    public String name() {
        return host.name();
    }

    public <T extends Record> List<T> all(Class<T> type) {
        return answer.all(type);
    }

    /** Returns the value of a setting; empty when it is unknown. */
    public Optional<String> setting(String name) {
        return answer.first(Setting.class, s -> s.name().equals(name))
                .map(Setting::value)
                .filter(v -> !v.isEmpty());
    }

    /** Returns whether Holdfast logs in as root; empty when the host did not say so. */
    public Optional<PreflightRecords.Login> login() {
        return answer.first(PreflightRecords.Login.class, l -> true);
    }

    /** Returns the key of the machine, which hosts with the same network share; empty when unknown. */
    public Optional<String> machine() {
        return answer.first(PreflightRecords.Machine.class, m -> !m.key().isEmpty())
                .map(PreflightRecords.Machine::key);
    }

    /** Returns whether the server of a node runs. */
    public boolean isUp(Node node) {
        HostFacts facts = nodes.get(node);
        return facts != null && facts.isUp();
    }

    /** Returns whether a node has neither a directory nor a server, so that apply creates it. */
    public boolean isNew(Node node) {
        HostFacts facts = nodes.get(node);
        return facts != null && isNew(facts);
    }

    /** Returns the same of the facts about a node. */
    public static boolean isNew(HostFacts facts) {
        return !facts.isUp() && facts.directoryOwner() == HostFacts.DirectoryOwner.ABSENT;
    }

    /**
     * Returns how far the host's clock is ahead of this machine's. The time that the script itself takes, by the host's clock,
     * is no part of the error.
     */
    public Optional<Offset> offset() {
        Optional<Double> begin = clock(Moment.BEGIN);
        Optional<Double> end = clock(Moment.END);
        if (begin.isEmpty() || end.isEmpty() || end.get() < begin.get()) {
            return Optional.empty();
        }
        double ahead = (begin.get() - seconds(sent) + end.get() - seconds(received)) / 2;
        double roundTrip = seconds(Duration.between(sent, received)) - (end.get() - begin.get());
        return Optional.of(new Offset(ahead, Math.max(0, roundTrip / 2)));
    }

    private Optional<Double> clock(Moment moment) {
        return answer.first(Clock.class, c -> c.at() == moment).map(Clock::seconds);
    }

    private static double seconds(Instant at) {
        return at.getEpochSecond() + at.getNano() / 1e9;
    }

    private static double seconds(Duration span) {
        return span.toNanos() / 1e9;
    }
}
