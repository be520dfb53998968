package dev.holdfast.preflight;

import dev.holdfast.model.Host;
import dev.holdfast.preflight.PreflightRecords.Link;
import dev.holdfast.preflight.PreflightRecords.LinkState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The connections between hosts that servers need. */
final class ConnectionFindings {

    private static final String LIMIT = "reachable";

    private final List<HostObservation> hosts;
    private final List<Finding> findings = new ArrayList<>();
    private int connected;
    private int refused;
    private int blocked;
    private int untested;

    private record Path(Host from, Host to, FindingCode code, String reason) {}

    private ConnectionFindings(List<HostObservation> hosts) {
        this.hosts = hosts;
    }

    /** The findings, and how many connections there are. */
    record Result(List<Finding> findings, ConnectionCounts counts) {}

    /** @param reached the hosts that answer; a host that does not is no proof of a blocked connection */
    static Result of(EstateNeeds needs, List<HostObservation> reached) {
        return new ConnectionFindings(reached).result(needs);
    }

    private Result result(EstateNeeds needs) {
        Map<Path, TreeSet<Integer>> ports = new LinkedHashMap<>();
        for (HostObservation host : hosts) {
            for (EstateNeeds.Link link : needs.links(host.host())) {
                Optional<Link> result = host.answer()
                        .first(
                                Link.class,
                                l -> l.port() == link.port().number()
                                        && l.address().equals(link.to().host().address()));
                count(link, result)
                        .ifPresent(p -> ports.computeIfAbsent(p, k -> new TreeSet<>())
                                .add(link.port().number()));
            }
        }
        ports.forEach((path, numbers) -> findings.add(finding(path, numbers)));
        return new Result(findings, new ConnectionCounts(connected, refused, blocked, untested));
    }

    /** Counts one connection, and returns the path on which it fails. */
    private Optional<Path> count(EstateNeeds.Link link, Optional<Link> result) {
        Host to = link.to().host();
        Optional<HostObservation> target =
                hosts.stream().filter(h -> h.host().equals(to)).findFirst();
        if (result.isEmpty()) {
            untested++;
            return path(link, FindingCode.CONNECTION_UNTESTED, "the host reported no result");
        }
        if (result.get().state() == LinkState.CONNECTED) {
            connected++;
            return Optional.empty();
        }
        if (target.isEmpty()) {
            untested++; // its own finding is that it does not answer
            return Optional.empty();
        }
        return switch (result.get().state()) {
            case CONNECTED -> Optional.empty();
            case REFUSED -> {
                refused++;
                boolean isServed = target.get().isUp(link.to())
                        && link.port().number() == link.to().port();
                yield isServed
                        ? path(link, FindingCode.CONNECTION_REFUSED, "refused although a server listens")
                        : Optional.empty();
            }
            case BLOCKED -> {
                blocked++;
                yield path(link, FindingCode.CONNECTION_BLOCKED, result.get().reason());
            }
            case UNRESOLVED -> {
                untested++; // the name has a finding of its own
                yield Optional.empty();
            }
            case UNTESTED -> {
                untested++;
                yield path(link, FindingCode.CONNECTION_UNTESTED, result.get().reason());
            }
        };
    }

    private static Optional<Path> path(EstateNeeds.Link link, FindingCode code, String reason) {
        return Optional.of(new Path(link.from(), link.to().host(), code, reason));
    }

    private static Finding finding(Path path, TreeSet<Integer> numbers) {
        String ports = (numbers.size() == 1 ? "port " : "ports ")
                + numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String to = path.to().name() + " (" + path.to().address() + ")";
        boolean isUntested = path.code() == FindingCode.CONNECTION_UNTESTED;
        return new Finding(
                path.from().name(),
                path.to().name(),
                path.code(),
                isUntested ? Finding.Level.WARNING : Finding.Level.ERROR,
                isUntested
                        ? "the connection to " + ports + " of " + to + " was not tested"
                        : "the host cannot reach " + ports + " of " + to,
                path.reason(),
                LIMIT,
                isUntested
                        ? "install perl or bash on " + path.from().name() + " for this test"
                        : "open " + ports + " of " + path.to().name() + " for "
                                + path.from().name() + " in the firewalls between them");
    }
}
