package dev.holdfast.postgres.state;

import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.DeclaredVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The PostgreSQL versions that are installed on a host, as {@code postgres/look.sh} reports them.
 *
 * @param user the user that runs the servers
 * @param programs directory of the server programs, by major version
 * @param versions full version, by major version
 * @param trouble why the host gave no answer; empty when it answered
 */
public record InstalledVersions(
        String user, TreeMap<Integer, String> programs, Map<Integer, String> versions, String trouble) {

    public static InstalledVersions of(ScriptAnswer answer) {
        TreeMap<Integer, String> programs = new TreeMap<>();
        Map<Integer, String> versions = new TreeMap<>();
        answer.all(DirectoryRecords.Programs.class).forEach(p -> {
            programs.putIfAbsent(p.major(), p.folder());
            versions.putIfAbsent(p.major(), p.version());
        });
        String user = answer.first(DirectoryRecords.User.class, u -> true)
                .map(DirectoryRecords.User::name)
                .orElse("");
        return new InstalledVersions(user, programs, versions, answer.isOk() ? "" : answer.sentence());
    }

    /** Returns the newest major version that is installed on all hosts, or the declared one; 0 when they do not all have it. */
    static int newestCommon(List<InstalledVersions> hosts, DeclaredVersion declared) {
        return hosts.stream()
                .flatMap(h -> h.programs().descendingKeySet().stream())
                .filter(v -> !declared.isDeclared() || v == declared.major())
                .filter(v -> hosts.stream().allMatch(h -> h.programs().containsKey(v)))
                .findFirst()
                .orElse(0);
    }
}
