package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunScript;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import java.time.Duration;
import java.util.List;

/**
 * What one machine says of the repository.
 *
 * @param mark by which two machines can tell that they see the same one; empty when this one sees none
 * @param need KiB that the data asked about takes
 * @param free KiB free in the repository
 */
record RepositoryMount(String mark, boolean writable, long need, long free) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** @param data a folder on that machine whose size is asked for */
    static RepositoryMount look(ExecutionContext context, Host host, String root, String data) {
        Script script = Script.of("mongodb/vault-ground.sh").with("root", root).with("data", data);
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

    /** Why a copy cannot be written from there; empty when it can. */
    String trouble(RepositoryMount here) {
        if (!mark.equals(here.mark)) {
            return "its host does not see the repository that this machine sees";
        }
        if (!writable) {
            return "its host may not write into the repository";
        }
        return free > need ? "" : "its data takes " + need + " KiB, and the repository has " + free + " KiB left";
    }
}
