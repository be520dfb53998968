package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** Ends a server's processes without warning. */
public final class KillProcess implements Fault {

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public String story() {
        return "all processes of the server end at once, by SIGKILL, as when the power fails; the host lives";
    }

    @Override
    public FaultEffect blow() {
        return FaultEffect.KILLED;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-end.sh", affected).with("how", "kill");
    }
}
