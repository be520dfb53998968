package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import java.util.stream.Collectors;

/** The fault that cuts the link between a host and some others; all other hosts reach both. */
public final class PartitionLink implements Fault {

    @Override
    public String name() {
        return "partition-link";
    }

    @Override
    public String description() {
        return "every packet between these hosts is dropped in both directions; each still reaches all others";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.CUT_OFF;
    }

    @Override
    public boolean isOfHost() {
        return true;
    }

    @Override
    public boolean isOfLink() {
        return true;
    }

    @Override
    public Script script(AffectedNode affected) {
        return PacketScript.of("host/fault-partition-link.sh", affected)
                .with("directories", ProcessScript.of("", affected).values().get("directories"))
                .with(
                        "peer_directories",
                        affected.peers().stream().map(Node::directory).collect(Collectors.joining("\n")));
    }
}
