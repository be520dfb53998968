package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** Makes a host's packets slow. */
public final class DelayPackets implements Fault {

    @Override
    public String name() {
        return "slow-link";
    }

    @Override
    public String story() {
        return "packets to the host's address wait: 100 ms each where the kernel can (netem), else for a line of 1 Mbit/s";
    }

    @Override
    public FaultEffect blow() {
        return FaultEffect.DEGRADED;
    }

    @Override
    public boolean isOfHost() {
        return true;
    }

    @Override
    public Script script(AffectedNode affected) {
        return PacketScript.of("host/fault-slow-link.sh", affected);
    }
}
