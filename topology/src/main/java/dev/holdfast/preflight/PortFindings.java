package dev.holdfast.preflight;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostRecords.PortState;
import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.model.Node;
import dev.holdfast.preflight.PreflightRecords.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ports that another process uses. */
final class PortFindings {

    private PortFindings() {}

    static List<Finding> of(EstateNeeds needs, List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        for (HostObservation host : hosts) {
            for (NodeNeeds need : needs.on(host.host())) {
                need.ports().forEach(p -> port(host, need.node(), p).ifPresent(findings::add));
            }
        }
        return findings;
    }

    private static Optional<Finding> port(HostObservation host, Node node, NodeNeeds.Port port) {
        String address = host.host().address();
        Optional<Port> state = host.answer()
                .first(Port.class, p -> p.port() == port.number() && p.address().equals(address));
        String subject = "port " + port.number() + " of " + address;
        if (state.isEmpty()) {
            return Optional.of(Finding.unknown(host.name(), FindingCode.PORT_TAKEN, subject, "free"));
        }
        if (state.get().state() == PortState.FREE || host.isUp(node)) {
            return Optional.empty();
        }
        HostFacts facts = host.nodes().get(node);
        if (facts == null || !facts.isDown() && !facts.isPortTakenByUnknown()) {
            return Optional.of(Finding.unknown(
                    host.name(), FindingCode.PORT_TAKEN, "the process that listens on " + subject, node.id()));
        }
        return Optional.of(Finding.error(
                host.name(),
                FindingCode.PORT_TAKEN,
                subject + " is not available for " + port.purpose() + " of " + node.id(),
                "used",
                "free",
                "find the process with ss -ltnp, and stop it; or declare another port for the node in the topology"));
    }
}
