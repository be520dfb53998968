package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** Ends a server in the planned way and starts it again at once. */
public final class RestartProcess implements Fault {

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String story() {
        return "the server is asked to end, by the signal an operator would send, and starts again by the same command line";
    }

    @Override
    public FaultEffect blow() {
        return FaultEffect.SWITCHED_OVER;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-restart.sh", affected);
    }
}
