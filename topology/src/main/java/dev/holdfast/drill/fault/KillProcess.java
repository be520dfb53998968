package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that kills a server's processes. */
public final class KillProcess implements Fault {

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public String description() {
        return "all processes of the server are killed at once by SIGKILL; the host keeps running";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.KILLED;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-end.sh", affected).with("how", "kill");
    }
}
