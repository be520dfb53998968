package dev.holdfast.ledger;

import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Ledger.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** All that a drill left behind, read from its ledger and its record of writes; what checks and reports rest on. */
public final class Evidence {

    /**
     * One stream of writes.
     *
     * @param struck whether it is kept by the group that was struck
     */
    public record Stream(
            int number,
            String name,
            String cluster,
            String group,
            String level,
            boolean promised,
            int payload,
            boolean struck) {}

    /** A moment of the run, in nanoseconds on the witness's clock. */
    public record Mark(String name, long at, String what) {}

    private final List<Entry> entries;
    private final Map<String, Object> drill;
    private final Writes writes;
    private final List<Found> found;
    private final List<Stream> streams = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    public Evidence(List<Entry> entries, Writes writes, List<Found> found) {
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
                .forEach(f -> marks.add(new Mark(text(f, "mark"), number(f, "t_ns"), text(f, "what"))));
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
                    Boolean.TRUE.equals(facts.get("struck"))));
        }
    }

    public List<Entry> entries() {
        return entries;
    }

    public Map<String, Object> drill() {
        return drill;
    }

    public Writes writes() {
        return writes;
    }

    public List<Stream> streams() {
        return streams;
    }

    public List<Mark> marks() {
        return marks;
    }

    public List<String> claims() {
        return list(drill, "claims").stream().map(Object::toString).toList();
    }

    public Optional<Found> found(Stream stream) {
        return found.stream().filter(f -> f.stream() == stream.number()).findFirst();
    }

    public Optional<Mark> mark(String name) {
        return marks.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** The ends of the acts that Holdfast carried out, told on the witness's clock. */
    public List<Mark> acts() {
        Optional<Entry> zero =
                entries.stream().filter(e -> e.kind() == Kind.DRILL).findFirst();
        return zero.stream()
                .flatMap(z -> entries.stream()
                        .filter(e -> e.kind() == Kind.ACT_ENDED)
                        .map(e -> new Mark(
                                "act",
                                number(z.facts(), "t_ns")
                                        + Duration.between(z.at(), e.at()).toNanos(),
                                text(e.facts(), "act"))))
                .toList();
    }

    /** From when the recovery time is counted. */
    public Optional<Mark> clockFrom() {
        return mark(text(drill, "clock_from"));
    }

    /** Until when what clients felt is put down to the break: what follows is healing; else the end of the record. */
    public long clockUntil() {
        return mark(text(drill, "clock_until")).map(Mark::at).orElseGet(this::lastEnd);
    }

    private long lastEnd() {
        long last = 0;
        for (int id = 0; id < writes.limit(); id++) {
            last = Math.max(last, writes.ended(id));
        }
        return last;
    }

    public Optional<Outage> outage(Stream stream) {
        return clockFrom().map(m -> Outage.of(writes, stream.number(), m.at(), clockUntil()));
    }

    public Optional<Duration> objective(String name) {
        return drill.get("objectives") instanceof Map<?, ?> objectives && objectives.get(name) instanceof Number millis
                ? Optional.of(Duration.ofMillis(millis.longValue()))
                : Optional.empty();
    }

    /** The slowest recovery of the struck group's streams; absent when it is unknown for any of them. */
    public OptionalLong recovery() {
        long slowest = -1;
        for (Stream stream : streams) {
            if (stream.struck()) {
                OptionalLong one = outage(stream).map(Outage::recovery).orElse(OptionalLong.empty());
                if (one.isEmpty()) {
                    return OptionalLong.empty();
                }
                slowest = Math.max(slowest, one.getAsLong());
            }
        }
        return slowest < 0 ? OptionalLong.empty() : OptionalLong.of(slowest);
    }

    static String text(Map<?, ?> facts, String name) {
        Object value = facts.get(name);
        return value == null ? "" : value.toString();
    }

    static long number(Map<?, ?> facts, String name) {
        return facts.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static List<?> list(Map<?, ?> facts, String name) {
        return facts.get(name) instanceof List<?> list ? list : List.of();
    }
}
