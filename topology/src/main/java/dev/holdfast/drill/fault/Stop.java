package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Ends a server in the planned way. */
public final class Stop implements Fault {

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public String story() {
        return "the server is asked to end, as an operator would";
    }

    @Override
    public Blow blow() {
        return Blow.HANDED_OVER;
    }

    @Override
    public Script script(Victim victim) {
        return Processes.of("host/fault-end.sh", victim).with("how", "stop");
    }
}
