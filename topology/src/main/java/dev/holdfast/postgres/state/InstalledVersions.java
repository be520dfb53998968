package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import java.util.Map;
import java.util.TreeMap;

/**
 * The PostgreSQL software of a host: {@code postgres/look.sh}.
 *
 * @param user the user that runs the servers
 * @param programs directory of the server programs, by major version
 * @param versions full version, by major version
 * @param trouble why the host gave no answer; empty when it answered
 */
public record InstalledVersions(
        String user, TreeMap<Integer, String> programs, Map<Integer, String> versions, String trouble) {

    public static InstalledVersions of(ActionResult answer) {
        String message = answer.isOk() ? answer.text() : "";
        String user = "";
        TreeMap<Integer, String> programs = new TreeMap<>();
        Map<Integer, String> versions = new TreeMap<>();
        for (String line : message.lines().toList()) {
            String[] f = line.split("\t", -1);
            if (f[0].equals("user")) {
                user = f[1];
            } else if (f[0].equals("programs")) {
                programs.putIfAbsent(Integer.parseInt(f[1]), f[3]);
                versions.putIfAbsent(Integer.parseInt(f[1]), f[2]);
            }
        }
        return new InstalledVersions(user, programs, versions, answer.isOk() ? "" : answer.sentence());
    }
}
