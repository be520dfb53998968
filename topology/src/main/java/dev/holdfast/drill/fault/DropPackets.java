package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that drops a part of a host's packets. */
public final class DropPackets implements Fault {

    @Override
    public String name() {
        return "drop-packets";
    }

    @Override
    public String description() {
        return "20 % of all packets to and from the host are dropped";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.DEGRADED;
    }

    @Override
    public boolean isOfHost() {
        return true;
    }

    @Override
    public Script script(AffectedNode affected) {
        return IsolateHost.dropping(affected, 20);
    }
}
