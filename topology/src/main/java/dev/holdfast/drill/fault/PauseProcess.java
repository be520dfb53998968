package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/** The fault that freezes a server's processes. */
public final class PauseProcess implements Fault {

    @Override
    public String name() {
        return "pause";
    }

    @Override
    public String description() {
        return "all processes of the server are stopped by SIGSTOP: its port still accepts connections, and no request is answered";
    }

    @Override
    public FaultEffect effect() {
        return FaultEffect.FROZEN;
    }

    @Override
    public Script script(AffectedNode affected) {
        return ProcessScript.of("host/fault-pause.sh", affected);
    }
}
