package dev.holdfast.drill.fault;

import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import java.util.stream.Collectors;

/** How scripts are told which servers' processes are meant: by the servers' own folders. */
final class ProcessScript {

    private ProcessScript() {}

    static Script of(String file, AffectedNode affected) {
        return Script.of(file)
                .with(
                        "directories",
                        affected.nodes().stream().map(Node::directory).collect(Collectors.joining("\n")));
    }
}
