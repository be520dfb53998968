package dev.holdfast.preflight;

import dev.holdfast.model.ExitCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The findings about the hosts of an estate.
 *
 * @param findings errors first, then warnings, then information
 * @param unreachable the hosts that do not answer
 * @param connections how many connections between hosts have which result
 */
public record PreflightReport(
        String estate, int hosts, List<Finding> findings, List<Unreachable> unreachable, ConnectionCounts connections) {

    /** A host that does not answer, with the reason. */
    public record Unreachable(String host, String why) {}

    /** @param hosts all declared hosts, also those that do not answer */
    public static PreflightReport of(EstateNeeds needs, List<HostObservation> hosts) {
        List<HostObservation> reached =
                hosts.stream().filter(HostObservation::isReached).toList();
        ConnectionFindings.Result connections = ConnectionFindings.of(needs, reached);
        List<Finding> findings = Stream.of(
                        SoftwareFindings.of(needs, reached),
                        RightsFindings.of(needs, reached),
                        StorageFindings.of(needs, reached),
                        PortFindings.of(needs, reached),
                        NameFindings.of(needs, reached),
                        connections.findings(),
                        ClockFindings.of(reached),
                        SettingFindings.of(needs, reached))
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Finding::level))
                .toList();
        List<Unreachable> unreachable = hosts.stream()
                .filter(h -> !h.isReached())
                .map(h -> new Unreachable(h.name(), h.answer().sentence()))
                .toList();
        return new PreflightReport(needs.estate(), hosts.size(), findings, unreachable, connections.counts());
    }

    public List<Finding> all(Finding.Level level) {
        return findings.stream().filter(f -> f.level() == level).toList();
    }

    public ExitCode exit() {
        if (findings.stream().anyMatch(Finding::isError)) {
            return ExitCode.REFUSED;
        }
        return unreachable.isEmpty() ? ExitCode.DONE : ExitCode.UNREACHABLE;
    }

    /** Returns the errors because of which apply creates no server on these hosts. */
    public List<Finding> stopping(Set<String> creating) {
        List<Finding> stopping = new ArrayList<>();
        findings.stream().filter(f -> creating.stream().anyMatch(f::stops)).forEach(stopping::add);
        return stopping;
    }
}
