package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Makes a host's packets slow. */
public final class SlowLink implements Fault {

    @Override
    public String name() {
        return "slow-link";
    }

    @Override
    public String story() {
        return "packets to the host's address wait: 100 ms each where the kernel can (netem), else for a line of 1 Mbit/s";
    }

    @Override
    public Blow blow() {
        return Blow.DEGRADED;
    }

    @Override
    public boolean isOfHost() {
        return true;
    }

    @Override
    public Script script(Victim victim) {
        return Packets.of("host/fault-slow-link.sh", victim);
    }
}
