package dev.holdfast.drill.fault;

import dev.holdfast.execution.Script;
import java.util.stream.Collectors;

/**
 * Builds the scripts of network faults. They select packets by address and never by interface name, which changes when a
 * network is joined again. On one machine every host has its own loopback address, so the same rules apply.
 */
final class PacketScript {

    private PacketScript() {}

    static Script of(String file, AffectedNode affected) {
        return Script.of(file)
                .with("address", affected.host().address())
                .with(
                        "peers",
                        affected.peers().stream()
                                .map(n -> n.host().address())
                                .distinct()
                                .collect(Collectors.joining("\n")));
    }
}
