package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that isolates a host from all others. */
public final class IsolateHost implements Fault {

    @Override
    public String name() {
        return "isolate-host";
    }

    @Override
    public String description() {
        return "every packet to and from the host is dropped: connections are not refused, they receive no answer";
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
    public Script script(AffectedNode affected) {
        return dropping(affected, 100);
    }

    /** @param percent of the packets to and from the host */
    static Script dropping(AffectedNode affected, int percent) {
        return PacketScript.of("host/fault-isolate-host.sh", affected)
                .with("directories", ProcessScript.of("", affected).values().get("directories"))
                .with("loses", percent);
    }
}
