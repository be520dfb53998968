package dev.holdfast.preflight;

import dev.holdfast.preflight.HostObservation.Offset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Clocks that differ from those of the other hosts. */
final class ClockFindings {

    /** Restores to a time and measured durations are wrong by this much. */
    private static final double ADVISED = 0.5;
    /** Certificates are not valid yet, and logs of hosts cannot be compared. */
    private static final double LARGEST = 60;

    private static final String HINT = "run an NTP client on every host: apt-get install chrony";

    private ClockFindings() {}

    static List<Finding> of(List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        Map<HostObservation, Offset> offsets = new LinkedHashMap<>();
        for (HostObservation host : hosts) {
            host.offset()
                    .ifPresentOrElse(
                            o -> offsets.put(host, o),
                            () -> findings.add(Finding.unknown(
                                    host.name(), FindingCode.CLOCK_OFFSET, "the clock", limit(ADVISED))));
        }
        List<HostObservation> byOffset = offsets.keySet().stream()
                .sorted(Comparator.comparingDouble(h -> offsets.get(h).seconds()))
                .toList();
        if (byOffset.size() < 2) {
            return findings;
        }
        HostObservation middle = byOffset.get((byOffset.size() - 1) / 2);
        offsets.forEach((host, offset) -> {
            if (!isSameMachine(host, middle)) {
                findings.addAll(compared(host, offset, middle, offsets.get(middle)));
            }
        });
        return findings;
    }

    /** One machine has one clock, and only the measurement differs. */
    private static boolean isSameMachine(HostObservation host, HostObservation other) {
        return host == other || host.machine().isPresent() && host.machine().equals(other.machine());
    }

    private static List<Finding> compared(
            HostObservation host, Offset offset, HostObservation middle, Offset reference) {
        double ahead = offset.seconds() - reference.seconds();
        double bound = offset.bound() + reference.bound();
        double certain = Math.abs(ahead) - bound;
        String value = String.format(Locale.ROOT, "%.3f s, at most %.3f s wrong", Math.abs(ahead), bound);
        if (certain > ADVISED) {
            boolean isError = certain > LARGEST;
            return List.of(new Finding(
                    host.name(),
                    middle.name(),
                    FindingCode.CLOCK_OFFSET,
                    isError ? Finding.Level.ERROR : Finding.Level.WARNING,
                    "the clock is " + (ahead > 0 ? "ahead of" : "behind") + " the clock of " + middle.name(),
                    value,
                    limit(isError ? LARGEST : ADVISED),
                    HINT));
        }
        return Math.abs(ahead) + bound <= ADVISED
                ? List.of()
                : List.of(new Finding(
                        host.name(),
                        middle.name(),
                        FindingCode.CLOCK_OFFSET,
                        Finding.Level.INFORMATION,
                        "the clock was not compared exactly with the clock of " + middle.name(),
                        value,
                        limit(ADVISED),
                        "run holdfast preflight again when the hosts answer faster"));
    }

    private static String limit(double seconds) {
        return String.format(Locale.ROOT, seconds < 1 ? "%.1f s" : "%.0f s", seconds);
    }
}
