package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that stops a server normally and starts it again at once. */
public final class RestartProcess implements Fault {

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String description() {
        return "the server gets the operator's shutdown signal, and starts again with the same command line";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.SWITCHED_OVER;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-restart.sh", affected);
    }
}
