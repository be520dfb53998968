package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Stops a server's processes without ending them. */
public final class Freeze implements Fault {

    @Override
    public String name() {
        return "freeze";
    }

    @Override
    public String story() {
        return "all processes of the server stop, by SIGSTOP: its port still accepts, and nothing is answered";
    }

    @Override
    public Blow blow() {
        return Blow.FROZEN;
    }

    @Override
    public Script script(Victim victim) {
        return Processes.of("host/fault-freeze.sh", victim);
    }
}
