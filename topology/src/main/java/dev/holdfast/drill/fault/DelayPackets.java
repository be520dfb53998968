package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that delays a host's packets. */
public final class DelayPackets implements Fault {

    @Override
    public String name() {
        return "delay-packets";
    }

    @Override
    public String description() {
        return "packets to the host's address are delayed by 100 ms (netem); on kernels without netem the link has only 1 Mbit/s";
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
        return PacketScript.of("host/fault-delay-packets.sh", affected);
    }
}
