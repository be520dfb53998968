package dev.holdfast.postgres.restore;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a restore has come at the place where it is brought back: {@code postgres/restore-look.sh} and {@code .sql}.
 *
 * @param order what is being brought back there; empty when nothing is
 * @param done what was brought back there and verified; empty when nothing was
 * @param data absent, recovery, primary, standby, or unknown when its host could not tell
 * @param isUp its server's process is there
 * @param reached what the server said when it stopped to replay
 * @param free bytes free there; -1 when unknown
 * @param ground whose the folder is
 * @param isPortTaken something listens on its port
 * @param server what its server says; silent when it does not run
 * @param local what its server says over its local socket, where it has another password than this estate
 * @param trouble why its host could not tell; empty when it could
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

    /** @param local what its server says over its local socket; silent when it was not asked there */
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

    /** Its superuser has another password than this estate knows: that of the moment, or of the estate it comes from. */
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

    /** It has come to its target and stands still, readable. */
    boolean isPaused() {
        return fact("recovering").startsWith("t") && fact("pause").equals("paused");
    }

    boolean isOpen() {
        return fact("recovering").startsWith("f");
    }
}
