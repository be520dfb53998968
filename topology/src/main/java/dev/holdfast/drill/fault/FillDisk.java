package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that fills a server's file system. */
public final class FillDisk implements Fault {

    @Override
    public String name() {
        return "fill-disk";
    }

    @Override
    public String description() {
        return "the server's file system is filled to the last block; refused on a large file system";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.DEGRADED;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-fill-disk.sh", affected);
    }
}
