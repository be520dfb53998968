package dev.holdfast.postgres.restore;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The progress of a restore at its destination: {@code postgres/restore-look.sh} and {@code .sql}.
 *
 * @param order the restore in progress; empty when there is none
 * @param done the restore that was finished and verified; empty when there is none
 * @param data absent, recovery, primary, standby, or unknown without an answer of its host
 * @param isUp whether the process of its server exists
 * @param reached the message of the server at the end of replay
 * @param free bytes free there; -1 when unknown
 * @param ground owner mark of the directory
 * @param isPortTaken whether a process listens on its port
 * @param server answer of its server; unreachable when it is not running
 * @param local answer of its server over the local socket, where its password differs from that of this estate
 * @param trouble why its host gave no answer; empty when it answered
 */
record DestinationState(
        String order,
        String done,
        String data,
        boolean isUp,
        String reached,
        long free,
        DirectoryOwner ground,
        boolean isPortTaken,
        ActionResult server,
        Map<String, String> local,
        String trouble) {

    private static final String WRONG_PASSWORD = "28P01";

    /** @param local answer of its server over the local socket; unreachable when it was not queried there */
    static DestinationState of(
            ActionResult host, DirectoryOwner ground, boolean isPortTaken, ActionResult server, ActionResult local) {
        Map<String, String> fields = fields(host);
        return new DestinationState(
                fields.getOrDefault("order", ""),
                fields.getOrDefault("done", ""),
                fields.getOrDefault("data", host.isOk() ? "absent" : "unknown"),
                fields.getOrDefault("process", "").equals("up"),
                fields.getOrDefault("reached", ""),
                fields.containsKey("free") ? Long.parseLong("0" + fields.get("free")) : -1,
                ground,
                isPortTaken,
                server,
                fields(local),
                host.isOk() ? "" : host.sentence());
    }

    private static Map<String, String> fields(ActionResult answer) {
        Map<String, String> fields = new HashMap<>();
        for (String line : answer.isOk() ? answer.text().lines().toList() : List.<String>of()) {
            String[] f = line.split("\t", 2);
            fields.put(f[0], f.length > 1 ? f[1] : "");
        }
        return fields;
    }

    DestinationState withoutDone() {
        return new DestinationState(order, "", data, isUp, reached, free, ground, isPortTaken, server, local, trouble);
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
