package dev.holdfast.ledger;

import static dev.holdfast.ledger.LedgerFacts.list;
import static dev.holdfast.ledger.LedgerFacts.number;
import static dev.holdfast.ledger.LedgerFacts.text;

import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Ledger.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** All records of a drill, read from its ledger and its record of writes; checks and reports use nothing else. */
public final class Evidence {

    /**
     * One stream of writes.
     *
     * @param affected whether its clients are targets of the fault; its recovery time is the drill's
     * @param touched whether its clients can notice a short pause
     * @param objectives the objectives of its cluster, by name
     */
    public record Stream(
            int number,
            String name,
            String cluster,
            String group,
            String level,
            boolean promised,
            int payload,
            boolean affected,
            boolean touched,
            Map<String, Long> objectives) {}

    /**
     * A mark of the run, in nanoseconds on the load generator's clock.
     *
     * @param facts all recorded facts of the mark
     */
    public record Event(String name, long at, String what, Map<String, Object> facts) {

        /** Returns a number from the facts; absent when it is not recorded. */
        public OptionalLong number(String name) {
            return facts.get(name) instanceof Number number
                    ? OptionalLong.of(number.longValue())
                    : OptionalLong.empty();
        }
    }

    private final List<Entry> entries;
    private final Map<String, Object> drill;
    private final WriteHistory writes;
    private final List<ReadBackResult> found;
    private final Map<String, List<ReadBackResult>> aside;
    private final List<Stream> streams = new ArrayList<>();
    private final List<Event> marks = new ArrayList<>();
    // a million writes are reconciled once, however many checks use the result
    private final Map<Integer, WriteReconciliation> truths = new ConcurrentHashMap<>();
    private final Map<Integer, Outage> outages = new ConcurrentHashMap<>();

    public Evidence(List<Entry> entries, WriteHistory writes, List<ReadBackResult> found) {
        this(entries, writes, found, Map.of());
    }

    /** @param aside what was read from servers that are not final primaries, by name */
    public Evidence(
            List<Entry> entries,
            WriteHistory writes,
            List<ReadBackResult> found,
            Map<String, List<ReadBackResult>> aside) {
        this.aside = Map.copyOf(aside);
        this.entries = List.copyOf(entries);
        this.writes = writes;
        this.found = List.copyOf(found);
        this.drill = entries.stream()
                .filter(e -> e.kind() == Kind.DRILL)
                .map(Entry::facts)
                .findFirst()
                .orElse(Map.of());
        readStreams();
        entries.stream()
                .filter(e -> e.kind() == Kind.MARKED)
                .map(Entry::facts)
                .forEach(f -> marks.add(
                        new Event(FormerMarks.present(text(f, "mark")), number(f, "t_ns"), text(f, "what"), f)));
    }

    private void readStreams() {
        for (Object one : list(drill, "streams")) {
            Map<?, ?> facts = (Map<?, ?>) one;
            streams.add(new Stream(
                    streams.size(),
                    text(facts, "name"),
                    text(facts, "cluster"),
                    text(facts, "group"),
                    text(facts, "level"),
                    Boolean.TRUE.equals(facts.get("promised")),
                    (int) number(facts, "payload"),
                    // the second one is in ledgers of earlier versions
                    Boolean.TRUE.equals(facts.get("affected")) || Boolean.TRUE.equals(facts.get("struck")),
                    Boolean.TRUE.equals(facts.get("touched")),
                    LedgerFacts.numbers(facts.get("objectives"))));
        }
    }

    public List<Entry> entries() {
        return entries;
    }

    public Map<String, Object> drill() {
        return drill;
    }

    public WriteHistory writes() {
        return writes;
    }

    public List<Stream> streams() {
        return streams;
    }

    /** Returns the files that rollbacks have left, each with its host. */
    public List<String> rolledBack() {
        return entries.stream()
                .filter(e -> e.kind() == Kind.NOTED)
                .flatMap(e -> list(e.facts(), "rolled_back").stream())
                .map(Object::toString)
                .toList();
    }

    public List<Event> marks() {
        return marks;
    }

    /** Returns the present names of the claims to judge. */
    public List<String> claims() {
        return list(drill, "claims").stream()
                .map(Object::toString)
                .map(FormerClaims::present)
                .toList();
    }

    public Optional<ReadBackResult> found(Stream stream) {
        return found.stream().filter(f -> f.stream() == stream.number()).findFirst();
    }

    /** Returns the reconciliation of a stream's writes; empty when it was not read back. */
    public Optional<WriteReconciliation> truth(Stream stream) {
        return found(stream).map(f -> truths.computeIfAbsent(f.stream(), n -> WriteReconciliation.of(writes, f)));
    }

    /** Returns what was read of a stream from a server that is not a final primary, by name. */
    public Optional<ReadBackResult> found(Stream stream, String name) {
        return aside.getOrDefault(name, List.of()).stream()
                .filter(f -> f.stream() == stream.number())
                .findFirst();
    }

    public Optional<Event> mark(String name) {
        return marks.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** Returns when the load generator's machine stalled. */
    public ClientStalls stalls() {
        return ClientStalls.of(entries.stream()
                .filter(e -> e.facts().containsKey("stalls"))
                .map(e -> e.facts().get("stalls"))
                .findFirst()
                .orElse(null));
    }

    /** Returns the ends of the stages that Holdfast executed, on the load generator's clock. */
    public List<Event> stages() {
        return stages(facts -> true);
    }

    /** Returns the same for one cluster. */
    public List<Event> stages(String cluster) {
        return stages(facts -> cluster.equals(facts.get("cluster")));
    }

    private List<Event> stages(Predicate<Map<String, Object>> which) {
        Optional<Entry> zero =
                entries.stream().filter(e -> e.kind() == Kind.DRILL).findFirst();
        return zero.stream()
                .flatMap(z -> entries.stream()
                        .filter(e -> e.kind() == Kind.ACT_ENDED && which.test(e.facts()))
                        .map(e -> new Event(
                                "act",
                                number(z.facts(), "t_ns")
                                        + Duration.between(z.at(), e.at()).toNanos(),
                                text(e.facts(), "act"),
                                e.facts())))
                .toList();
    }

    private String clockMark(String fact) {
        return FormerMarks.present(text(drill, fact));
    }

    /** Returns the time from which the recovery time counts. */
    public Optional<Event> clockFrom() {
        return mark(clockMark("clock_from"));
    }

    /** Returns the time until which an outage is attributed to the fault; the repair follows. Without it, the end of the record. */
    public long clockUntil() {
        return mark(clockMark("clock_until")).map(Event::at).orElseGet(this::lastEnd);
    }

    private long lastEnd() {
        long last = 0;
        for (int id = 0; id < writes.limit(); id++) {
            last = Math.max(last, writes.ended(id));
        }
        return last;
    }

    /** Returns a stream's outage; after several faults one after another, the outage of the fault with the longest one. */
    public Optional<Outage> outage(Stream stream) {
        return clockFrom().map(m -> outages.computeIfAbsent(stream.number(), this::worst));
    }

    private Outage worst(int stream) {
        String name = clockMark("clock_from");
        List<Event> faults = marks.stream().filter(m -> m.name().equals(name)).toList();
        // the second one is in ledgers of earlier versions
        boolean isSequence = drill.getOrDefault("one_after_another", drill.get("broken_in_turn")) == Boolean.TRUE;
        int count = isSequence ? faults.size() : 1;
        return IntStream.range(0, count)
                .mapToObj(i -> Outage.of(
                        writes,
                        stream,
                        faults.get(i).at(),
                        i + 1 < count ? faults.get(i + 1).at() : clockUntil()))
                .max(Comparator.comparingLong(Outage::silence))
                .orElseThrow();
    }

    /** Returns a stream's objective, which is its cluster's; else the drill's. */
    public Optional<Duration> objective(Stream stream, String name) {
        Long millis = stream.objectives().get(name);
        return millis == null ? objective(name) : Optional.of(Duration.ofMillis(millis));
    }

    public Optional<Duration> objective(String name) {
        return drill.get("objectives") instanceof Map<?, ?> objectives && objectives.get(name) instanceof Number millis
                ? Optional.of(Duration.ofMillis(millis.longValue()))
                : Optional.empty();
    }

    /**
     * Returns the slowest recovery of the affected groups' streams; absent when one of them is unknown. Without an affected
     * group, it is that of the streams that can notice a pause, if they were out of service for more than that.
     */
    public OptionalLong recovery() {
        List<Stream> affected = streams.stream().filter(Stream::affected).toList();
        List<OptionalLong> times = affected.isEmpty()
                ? streams.stream()
                        .filter(Stream::touched)
                        .flatMap(s -> outage(s).stream())
                        .filter(o -> o.silence() > Outage.MOMENT)
                        .map(Outage::recovery)
                        .toList()
                : affected.stream()
                        .map(s -> outage(s).map(Outage::recovery).orElse(OptionalLong.empty()))
                        .toList();
        return times.stream().allMatch(OptionalLong::isPresent)
                ? times.stream().mapToLong(OptionalLong::getAsLong).max()
                : OptionalLong.empty();
    }
}
