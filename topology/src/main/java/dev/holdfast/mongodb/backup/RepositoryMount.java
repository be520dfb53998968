package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunScript;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Host;
import java.time.Duration;

/**
 * The observation of the repository directory on one host: whether it is the directory that the other hosts have, whether the
 * server can write there, and whether the free space suffices.
 *
 * @param mark the repository's mark, equal on hosts that have the same one; empty if the host has no repository
 * @param need the size in KiB of the data to back up
 * @param free the free space in KiB in the repository
 */
public record RepositoryMount(String mark, boolean writable, long need, long free) {

    /** {@code mongodb/repository-access.sh}. */
    public static final ScriptFormat ACCESS = new ScriptFormat("mongodb/repository-access.sh", MountAccess.class);

    private enum Answer {
        YES,
        NO
    }

    private record MountAccess(String mark, Answer writable, long need, long free) {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** @param data the directory on that host whose size is measured */
    static RepositoryMount look(ExecutionContext context, Host host, String root, String data) {
        Script script = Script.of(ACCESS.script()).with("root", root).with("data", data);
        return ACCESS
                .read(context.ask(new RunScript(host, script, Access.LOOK, PATIENCE)))
                .all(MountAccess.class)
                .stream()
                .findFirst()
                .map(a -> new RepositoryMount(a.mark(), a.writable() == Answer.YES, a.need(), a.free()))
                .orElse(new RepositoryMount("", false, 0, 0));
    }

    /** Returns the reason why that host cannot write a backup; empty if it can. */
    String trouble(RepositoryMount here) {
        if (!mark.equals(here.mark)) {
            return "the member's host does not have the repository of this host";
        }
        if (!writable) {
            return "the member's host cannot write into the repository";
        }
        return free > need
                ? ""
                : "the member's data needs " + need + " KiB, and the repository has " + free + " KiB free";
    }
}
