package dev.holdfast.mongodb.restore;

import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.mongodb.backup.RepositoryState;
import dev.holdfast.mongodb.topology.BackupRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds a moment whose pieces are all sound: the copies, and the slices of the archive after them.
 *
 * <p>In place every piece is read before anything is stopped. A damaged piece is left out, and the moment is looked for
 * again: an older copy may reach it, too.
 *
 * @param source what is restored, as {@code estate/cluster}
 */
record CompleteTargetSearch(ExecutionContext context, RepositoryState stock, String source) {

    private static final Duration READING = Duration.ofHours(12);

    ResolvedTarget find(RecoveryTarget moment) {
        Map<String, Set<String>> damaged = new LinkedHashMap<>();
        List<String> messages = new ArrayList<>();
        Set<String> read = new TreeSet<>();
        while (true) {
            RepositoryState sound = stock.without(damaged);
            ResolvedTarget resolvedTarget = new RecoveryTargetResolver(context, sound, source).find(moment);
            if (!resolvedTarget.isFound()) {
                return messages.isEmpty()
                        ? resolvedTarget
                        : ResolvedTarget.none(
                                "pieces of the repository are damaged (" + String.join("; ", messages)
                                        + "), and without them " + resolvedTarget.trouble() + ". Nothing was stopped",
                                resolvedTarget.hint());
            }
            List<String> pieces = pieces(sound, resolvedTarget);
            pieces.removeIf(p -> !read.add(p));
            if (pieces.isEmpty()) {
                return messages.isEmpty()
                        ? resolvedTarget
                        : resolvedTarget.because("damaged pieces are left out: " + String.join("; ", messages));
            }
            ActionResult answer = ask(pieces);
            if (!answer.isOk()) {
                return ResolvedTarget.unread(
                        "not every piece of the repository could be read: " + answer.sentence()
                                + ". Nothing was stopped",
                        "holdfast backup verify; --override=" + DecisionCode.UNREAD
                                + " restores without reading it first");
            }
            for (String line : answer.text().lines().toList()) {
                String[] f = line.split("\t", 4);
                if (f[0].equals("bad")) {
                    damaged.computeIfAbsent(f[1], s -> new TreeSet<>()).add(f[2]);
                    messages.add(f[1] + "/" + f[2] + ": " + f[3]);
                }
            }
        }
    }

    private ActionResult ask(List<String> pieces) {
        Script script = Script.of("mongodb/restore-verify.sh")
                .with("root", stock.repository().root())
                .with("pieces", String.join("\n", pieces));
        return context.ask(new Action.RunScript(BackupRepository.HERE, script, Access.LOOK, READING));
    }

    /** What each set is brought back from; the slice under way has no checksum, and is read as operations. */
    private static List<String> pieces(RepositoryState stock, ResolvedTarget resolvedTarget) {
        List<String> pieces = new ArrayList<>();
        resolvedTarget.picks().forEach((set, pick) -> {
            pieces.add(set + "\tcopy\t" + pick.copy().label());
            stock.shelf(set)
                    .chain(pick.copy().top())
                    .ifPresent(chain -> chain.slices().stream()
                            .filter(s -> !s.open())
                            .filter(s -> s.last().compareTo(pick.copy().top()) > 0
                                    && s.first().compareTo(resolvedTarget.moment()) <= 0)
                            .forEach(s -> pieces.add(set + "\tslice\t" + s.file())));
        });
        return pieces;
    }
}
