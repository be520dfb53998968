package dev.holdfast.drill.fault;

import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import java.util.stream.Collectors;

/** Builds the scripts of process faults, which find a server's processes by the server's own directory. */
/** Builds the scripts of process faults, which find a server's processes by the server's directory. */
final class ProcessScript {

    private ProcessScript() {}

    static Script of(String file, AffectedNode affected) {
        return Script.of(file)
                .with(
                        "directories",
                        affected.nodes().stream().map(Node::directory).collect(Collectors.joining("\n")));
    }
}
