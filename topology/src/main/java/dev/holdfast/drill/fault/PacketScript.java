package dev.holdfast.drill.fault;

import dev.holdfast.execution.Script;
import java.util.stream.Collectors;

/**
 * How scripts are told which packets are meant: by address, never by the name of an interface, which changes when a
 * network is joined again. On one machine every host has a loopback address of its own, so the same rules serve.
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
