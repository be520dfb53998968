package dev.holdfast.simulation;

import java.util.List;
import java.util.Locale;

/** A cluster and the events that happen to it. The same seed gives the same sequence. */
public interface SimulatedSequence {

    long seed();

    List<SimulatedEvent> events();

    /** Returns after how many commands everything that was cut off or frozen comes back. */
    int patience();

    /** Returns the same cluster with other events. */
    SimulatedSequence with(List<SimulatedEvent> events);

    static String words(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
