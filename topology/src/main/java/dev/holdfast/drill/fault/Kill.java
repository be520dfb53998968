package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Ends a server's processes without warning. */
public final class Kill implements Fault {

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public String story() {
        return "all processes of the server end at once, by SIGKILL, as when the power fails; the host lives";
    }

    @Override
    public Blow blow() {
        return Blow.KILLED;
    }

    @Override
    public Script script(Victim victim) {
        return Processes.of("host/fault-end.sh", victim).with("how", "kill");
    }
}
