package dev.holdfast.drill.fault;

import dev.holdfast.model.Node;
import dev.holdfast.world.Script;
import java.util.stream.Collectors;

/** How scripts are told which servers' processes are meant: by the servers' own folders. */
final class Processes {

    private Processes() {}

    static Script of(String file, Victim victim) {
        return Script.of(file)
                .with(
                        "directories",
                        victim.nodes().stream().map(Node::directory).collect(Collectors.joining("\n")));
    }
}
