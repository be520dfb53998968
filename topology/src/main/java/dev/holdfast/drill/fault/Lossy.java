package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Drops a part of a host's packets. */
public final class Lossy implements Fault {

    @Override
    public String name() {
        return "lossy";
    }

    @Override
    public String story() {
        return "a fifth of all packets to and from the host is dropped";
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
        return CutOff.dropping(victim, 20);
    }
}
