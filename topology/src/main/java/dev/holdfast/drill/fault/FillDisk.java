package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Fills the disk a server writes to. */
public final class FillDisk implements Fault {

    @Override
    public String name() {
        return "fill-disk";
    }

    @Override
    public String story() {
        return "the file system under the server is filled to the last block, within a bound";
    }

    @Override
    public Blow blow() {
        return Blow.DEGRADED;
    }

    @Override
    public Script script(Victim victim) {
        return Processes.of("host/fault-fill-disk.sh", victim);
    }
}
