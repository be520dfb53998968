package dev.holdfast.ledger;

import dev.holdfast.ledger.Evidence.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Splits the recovery time into phases that each end at an observed event and together cover the whole time. */
public final class RecoveryPhases {

    /** @param length in nanoseconds */
    public record Phase(String name, long from, long length) {}

    private static final String LAST = "first acknowledged write";

    private RecoveryPhases() {}

    /** Returns the phases; empty when the recovery time is unknown. */
    public static List<Phase> of(Evidence evidence) {
        OptionalLong recovery = evidence.recovery();
        if (recovery.isEmpty()) {
            return List.of();
        }
        long start = evidence.clockFrom().orElseThrow().at();
        long end = start + recovery.getAsLong();
        List<Phase> phases = new ArrayList<>();
        long at = start;
        for (Event mark : stations(evidence, start, end)) {
            phases.add(new Phase(mark.what().isEmpty() ? mark.name() : mark.what(), at, mark.at() - at));
            at = mark.at();
        }
        phases.add(new Phase(LAST, at, end - at));
        return phases;
    }

    private static List<Event> stations(Evidence evidence, long start, long end) {
        return Stream.concat(
                        evidence.marks().stream().filter(m -> m.name().equals("phase")), evidence.stages().stream())
                .filter(m -> m.at() >= start && m.at() <= end)
                .sorted(Comparator.comparingLong(Event::at))
                .toList();
    }
}
