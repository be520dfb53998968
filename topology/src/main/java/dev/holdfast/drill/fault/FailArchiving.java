package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that makes every attempt of a server to archive a WAL segment fail. */
public final class FailArchiving implements Fault {

    @Override
    public String name() {
        return "fail-archiving";
    }

    @Override
    public String description() {
        return "the server's archive command fails: WAL segments accumulate, and none is archived";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.DEGRADED;
    }

    @Override
    public boolean isOfArchive() {
        return true;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-fail-archiving.sh", affected);
    }
}
