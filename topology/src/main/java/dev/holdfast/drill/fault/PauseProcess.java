package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** Stops a server's processes without ending them. */
public final class PauseProcess implements Fault {

    @Override
    public String name() {
        return "freeze";
    }

    @Override
    public String story() {
        return "all processes of the server stop, by SIGSTOP: its port still accepts, and nothing is answered";
    }

    @Override
    public FaultEffect blow() {
        return FaultEffect.FROZEN;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-freeze.sh", affected);
    }
}
