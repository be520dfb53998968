package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Cuts a host off from all others. */
public final class CutOff implements Fault {

    @Override
    public String name() {
        return "cut";
    }

    @Override
    public String story() {
        return "every packet to and from the host is dropped: no connection is refused, all of them fall silent";
    }

    @Override
    public Blow blow() {
        return Blow.CUT_OFF;
    }

    @Override
    public boolean isOfHost() {
        return true;
    }

    @Override
    public Script script(Victim victim) {
        return dropping(victim, 100);
    }

    /** @param percent of the packets to and from the host */
    static Script dropping(Victim victim, int percent) {
        return Packets.of("host/fault-cut.sh", victim)
                .with("directories", Processes.of("", victim).values().get("directories"))
                .with("loses", percent);
    }
}
