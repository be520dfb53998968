package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** Makes every attempt of a PostgreSQL server to archive a segment fail. */
public final class FailArchiving implements Fault {

    @Override
    public String name() {
        return "break-archive";
    }

    @Override
    public String story() {
        return "the server's archive command fails: segments pile up, and nothing is archived";
    }

    @Override
    public FaultEffect blow() {
        return FaultEffect.DEGRADED;
    }

    @Override
    public boolean isOfArchive() {
        return true;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-break-archive.sh", affected);
    }
}
