package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that stops a server normally. */
public final class StopProcess implements Fault {

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public String description() {
        return "the server is shut down normally, as by an operator";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.SWITCHED_OVER;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-end.sh", affected).with("how", "stop");
    }
}
