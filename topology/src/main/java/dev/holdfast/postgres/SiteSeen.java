package dev.holdfast.postgres;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.world.Answer;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a restore has come at the place where it is brought back: {@code postgres/restore-look.sh} and {@code .sql}.
 *
 * @param order what is being brought back there; empty when nothing is
 * @param done what was brought back there and verified; empty when nothing was
 * @param data absent, recovery, primary or standby
 * @param isUp its server's process is there
 * @param reached what the server said when it stopped to replay
 * @param free bytes free there; -1 when unknown
 * @param ground whose the folder is
 * @param isPortTaken something listens on its port
 * @param server what its server says; silent when it does not run
 * @param trouble why its host could not tell; empty when it could
 */
record SiteSeen(
        String order,
        String done,
        String data,
        boolean isUp,
        String reached,
        long free,
        Ground ground,
        boolean isPortTaken,
        Answer server,
        String trouble) {

    static SiteSeen of(Answer host, Ground ground, boolean isPortTaken, Answer server) {
        Map<String, String> told = new HashMap<>();
        for (String line : host.isOk() ? host.text().lines().toList() : java.util.List.<String>of()) {
            String[] f = line.split("\t", 2);
            told.put(f[0], f.length > 1 ? f[1] : "");
        }
        return new SiteSeen(
                told.getOrDefault("order", ""),
                told.getOrDefault("done", ""),
                told.getOrDefault("data", "absent"),
                told.getOrDefault("process", "").equals("up"),
                told.getOrDefault("reached", ""),
                told.containsKey("free") ? Long.parseLong("0" + told.get("free")) : -1,
                ground,
                isPortTaken,
                server,
                host.isOk() ? "" : host.sentence());
    }

    SiteSeen withoutDone() {
        return new SiteSeen(order, "", data, isUp, reached, free, ground, isPortTaken, server, trouble);
    }

    boolean isAbsent() {
        return data.equals("absent");
    }

    boolean isRecovering() {
        return data.equals("recovery");
    }

    private String said(String column) {
        return server.isOk() ? String.valueOf(server.row().get(column)) : "";
    }

    /** It has come to its target and stands still, readable. */
    boolean isPaused() {
        return said("recovering").startsWith("t") && said("pause").equals("paused");
    }

    boolean isOpen() {
        return said("recovering").startsWith("f");
    }
}
