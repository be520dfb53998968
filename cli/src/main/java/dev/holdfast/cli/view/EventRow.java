package dev.holdfast.cli.view;

import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Event;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * One event of a drill in the report's table of events.
 *
 * @param at the time since the fault; empty when no fault is recorded
 * @param name the kind of event
 * @param what the details; empty when there are none
 */
record EventRow(String at, String name, String what) {

    private static final double SECOND = 1e9;

    /** Returns the marks of the run, the stages that Holdfast executed, and the end of the outage, in their order. */
    static List<EventRow> all(Evidence evidence) {
        Optional<Event> start = evidence.clockFrom();
        OptionalLong recovery = evidence.recovery();
        Stream<Event> served = start.stream()
                .filter(s -> recovery.isPresent())
                .map(s -> new Event(
                        "served again", s.at() + recovery.orElseThrow(), "first acknowledged write", Map.of()));
        return Stream.of(evidence.marks().stream(), evidence.stages().stream(), served)
                .flatMap(events -> events)
                .sorted(Comparator.comparingLong(Event::at))
                .map(e -> new EventRow(start.map(s -> signed(e.at() - s.at())).orElse(""), name(e), e.what()))
                .toList();
    }

    private static String name(Event event) {
        return event.name().equals("act") ? "stage" : event.name();
    }

    private static String signed(long nanos) {
        return String.format(Locale.ROOT, "%s%.2f s", nanos < 0 ? "\u2212" : "+", Math.abs(nanos) / SECOND);
    }
}
