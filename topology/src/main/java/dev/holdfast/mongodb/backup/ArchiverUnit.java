package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.BackupRepository;
import java.time.Duration;

/**
 * The systemd unit of an estate's oplog archiver, on the machine that runs Holdfast.
 *
 * @param state as systemd names it, for example inactive or failed; empty when no such unit is installed
 */
record ArchiverUnit(String name, String state) {

    /** {@code mongodb/archiver-unit.sh}. */
    static final ScriptFormat FORMAT = new ScriptFormat("mongodb/archiver-unit.sh", Unit.class);

    private record Unit(String state) {}

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static ArchiverUnit look(ExecutionContext context, Topology topology) {
        String name = "holdfast-archive-" + topology.name() + ".service";
        Script script = Script.of(FORMAT.script()).with("unit", name);
        String state = FORMAT
                .read(context.ask(new Action.RunScript(BackupRepository.HERE, script, Access.LOOK, PATIENCE)))
                .all(Unit.class)
                .stream()
                .findFirst()
                .map(Unit::state)
                .orElse("");
        return new ArchiverUnit(name, state);
    }

    boolean isInstalled() {
        return !state.isEmpty();
    }

    /** Whether systemd neither runs the archiver nor is about to start it. */
    boolean isStopped() {
        return state.equals("inactive") || state.equals("failed");
    }

    Action start() {
        Script script = Script.of("mongodb/archiver-start.sh").with("unit", name);
        return new Action.RunScript(BackupRepository.HERE, script, Access.CHANGE, PATIENCE);
    }
}
