package dev.holdfast.postgres.restore;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.HostRecords;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of a restore at its destination: {@code postgres/restore-look.sh} and {@code .sql}.
 *
 * @param order the restore in progress; empty when there is none
 * @param done the restore that was finished and verified; empty when there is none
 * @param data absent, recovery, primary, standby, or unknown without an answer of its host
 * @param isUp whether the process of its server exists
 * @param reached the message of the server at the end of replay
 * @param free bytes free there; -1 when unknown
 * @param directoryOwner owner mark of the directory
 * @param isPortTaken whether a process listens on its port
 * @param server answer of its server; unreachable when it is not running
 * @param local answer of its server over the local socket, where its password differs from that of this estate
 * @param trouble why its host gave no answer; empty when it answered
 */
public record DestinationState(
        String order,
        String done,
        String data,
        boolean isUp,
        String reached,
        long free,
        DirectoryOwner directoryOwner,
        boolean isPortTaken,
        ActionResult server,
        Map<String, String> local,
        String trouble) {

    private static final String WRONG_PASSWORD = "28P01";

    /** {@code postgres/restore-look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat("postgres/restore-look.sh", Progress.class);

    /** {@code postgres/restore-replay-state.sh}. */
    public static final ScriptFormat REPLAY = new ScriptFormat("postgres/restore-replay-state.sh", Replay.class);

    private enum Data {
        ABSENT,
        RECOVERY,
        PRIMARY,
        STANDBY
    }

    private enum Truth {
        T,
        F
    }

    private record Progress(
            String order, String finished, Data data, HostRecords.ProcessState process, String reached, long free) {}

    private record Replay(Truth recovering, String pause) {}

    /** @param local answer of its server over the local socket; unreachable when it was not queried there */
    static DestinationState of(
            ScriptAnswer host,
            DirectoryOwner directoryOwner,
            boolean isPortTaken,
            ActionResult server,
            ScriptAnswer local) {
        Optional<Progress> progress = host.first(Progress.class, p -> true);
        Map<String, String> replay = local.first(Replay.class, r -> true)
                .map(r -> Map.of("recovering", ScriptFormat.word(r.recovering()), "pause", r.pause()))
                .orElse(Map.of());
        return new DestinationState(
                progress.map(Progress::order).orElse(""),
                progress.map(Progress::finished).orElse(""),
                progress.map(p -> ScriptFormat.word(p.data())).orElse("unknown"),
                progress.filter(p -> p.process() == HostRecords.ProcessState.UP).isPresent(),
                progress.map(Progress::reached).orElse(""),
                progress.map(Progress::free).orElse(-1L),
                directoryOwner,
                isPortTaken,
                server,
                replay,
                host.isOk() ? "" : host.sentence());
    }

    DestinationState withoutDone() {
        return new DestinationState(
                order, "", data, isUp, reached, free, directoryOwner, isPortTaken, server, local, trouble);
    }

    /**
     * Returns whether its superuser has another password than in this estate: that of the recovery target, or of the source.
     */
    boolean isLockedOut() {
        return isUp && server.isRefused(WRONG_PASSWORD);
    }

    boolean isAbsent() {
        return data.equals("absent");
    }

    boolean isRecovering() {
        return data.equals("recovery");
    }

    private String fact(String column) {
        return server.isOk() ? String.valueOf(server.row().get(column)) : local.getOrDefault(column, "");
    }

    /** Returns whether replay has reached the target and is paused, with read access. */
    boolean isPaused() {
        return fact("recovering").startsWith("t") && fact("pause").equals("paused");
    }

    boolean isOpen() {
        return fact("recovering").startsWith("f");
    }
}
