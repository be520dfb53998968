package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** Cuts a host off from all others. */
public final class IsolateHost implements Fault {

    @Override
    public String name() {
        return "cut";
    }

    @Override
    public String story() {
        return "every packet to and from the host is dropped: no connection is refused, all of them fall silent";
    }

    @Override
    public FaultEffect blow() {
        return FaultEffect.CUT_OFF;
    }

    @Override
    public boolean isOfHost() {
        return true;
    }

    @Override
    public Script script(AffectedNode victim) {
        return dropping(victim, 100);
    }

    /** @param percent of the packets to and from the host */
    static Script dropping(AffectedNode victim, int percent) {
        return PacketScript.of("host/fault-cut.sh", victim)
                .with("directories", ProcessScript.of("", victim).values().get("directories"))
                .with("loses", percent);
    }
}
