package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

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
    public FaultEffect blow() {
        return FaultEffect.DEGRADED;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-fill-disk.sh", affected);
    }
}
