package dev.holdfast.drill.fault;

import dev.holdfast.engine.Rehearsal.Blow;
import dev.holdfast.world.Script;

/** Makes every attempt of a PostgreSQL server to archive a segment fail. */
public final class BreakArchive implements Fault {

    @Override
    public String name() {
        return "break-archive";
    }

    @Override
    public String story() {
        return "the server's archive command fails: segments pile up, and nothing is archived";
    }

    @Override
    public Blow blow() {
        return Blow.DEGRADED;
    }

    @Override
    public boolean isOfArchive() {
        return true;
    }

    @Override
    public Script script(Victim victim) {
        return Processes.of("host/fault-break-archive.sh", victim);
    }
}
