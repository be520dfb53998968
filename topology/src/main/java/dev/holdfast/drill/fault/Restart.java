package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Ends a server in the planned way and starts it again at once. */
public final class Restart implements Fault {

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String story() {
        return "the server is asked to end, by the signal an operator would send, and starts again by the same command line";
    }

    @Override
    public Blow blow() {
        return Blow.HANDED_OVER;
    }

    @Override
    public Script script(Victim victim) {
        return Processes.of("host/fault-restart.sh", victim);
    }
}
