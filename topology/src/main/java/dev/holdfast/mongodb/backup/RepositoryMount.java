package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunScript;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import java.time.Duration;
import java.util.List;

/**
 * The repository as one host observes it.
 *
 * @param mark the repository's mark, equal on hosts that have the same one; empty if the host has no repository
 * @param need the size in KiB of the data to back up
 * @param free the free space in KiB in the repository
 */
record RepositoryMount(String mark, boolean writable, long need, long free) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** @param data the directory on that host whose size is measured */
    static RepositoryMount look(ExecutionContext context, Host host, String root, String data) {
        Script script =
                Script.of("mongodb/repository-access.sh").with("root", root).with("data", data);
        List<String[]> lines = context.ask(new RunScript(host, script, Access.LOOK, PATIENCE))
                .text()
                .lines()
                .map(l -> l.split("\t", -1))
                .toList();
        return new RepositoryMount(
                word(lines, "mark"),
                word(lines, "writable").equals("yes"),
                number(word(lines, "need")),
                number(word(lines, "free")));
    }

    private static String word(List<String[]> lines, String key) {
        return lines.stream()
                .filter(l -> l[0].equals(key) && l.length > 1)
                .map(l -> l[1])
                .findFirst()
                .orElse("");
    }

    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Returns the reason why that host cannot write a backup; empty if it can. */
    String trouble(RepositoryMount here) {
        if (!mark.equals(here.mark)) {
            return "its host does not have the repository of this host";
        }
        if (!writable) {
            return "its host cannot write into the repository";
        }
        return free > need ? "" : "its data needs " + need + " KiB, and the repository has " + free + " KiB free";
    }
}
