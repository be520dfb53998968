package dev.holdfast.mongodb.restore;

import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.mongodb.backup.DamagedBackupFile;
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
 * The search for a recovery target whose backups and oplog slices are all undamaged.
 *
 * <p>For a restore in place, Holdfast reads every file before it stops anything. It ignores a damaged file and searches
 * again, because an older backup can also reach the target.
 *
 * @param source the source of the restore, as {@code estate/cluster}
 */
record CompleteTargetSearch(ExecutionContext context, RepositoryState repositoryState, String source) {

    private static final Duration READING = Duration.ofHours(12);

    ResolvedTarget find(RecoveryTarget moment) {
        Map<String, Set<String>> damaged = new LinkedHashMap<>();
        List<String> messages = new ArrayList<>();
        Set<String> read = new TreeSet<>();
        while (true) {
            RepositoryState sound = repositoryState.without(damaged);
            ResolvedTarget resolvedTarget = new RecoveryTargetResolver(context, sound, source).find(moment);
            if (!resolvedTarget.isFound()) {
                return messages.isEmpty()
                        ? resolvedTarget
                        : ResolvedTarget.none(
                                "files of the repository are damaged (" + String.join("; ", messages)
                                        + "), and without them " + resolvedTarget.trouble() + ". Nothing was stopped",
                                resolvedTarget.hint());
            }
            List<String> pieces = pieces(sound, resolvedTarget);
            pieces.removeIf(p -> !read.add(p));
            if (pieces.isEmpty()) {
                return messages.isEmpty()
                        ? resolvedTarget
                        : resolvedTarget.because("damaged files are ignored: " + String.join("; ", messages));
            }
            ScriptAnswer answer = ask(pieces);
            if (!answer.isOk()) {
                return ResolvedTarget.unread(
                        "some files of the repository cannot be read: " + answer.sentence() + ". Nothing was stopped",
                        "holdfast backup verify; --override=" + DecisionCode.UNREAD
                                + " restores without reading the repository first");
            }
            for (DamagedBackupFile found : answer.all(DamagedBackupFile.class)) {
                damaged.computeIfAbsent(found.set(), s -> new TreeSet<>()).add(found.piece());
                messages.add(found.set() + "/" + found.piece() + ": " + found.reason());
            }
        }
    }

    private ScriptAnswer ask(List<String> pieces) {
        Script script = Script.of(DamagedBackupFile.OF_RESTORE.script())
                .with("root", repositoryState.repository().root())
                .with("pieces", String.join("\n", pieces));
        return DamagedBackupFile.OF_RESTORE.read(
                context.ask(new Action.RunScript(BackupRepository.HERE, script, Access.LOOK, READING)));
    }

    /** Returns the files of each set's restore; the open slice has no checksum and is parsed instead. */
    private static List<String> pieces(RepositoryState repositoryState, ResolvedTarget resolvedTarget) {
        List<String> pieces = new ArrayList<>();
        resolvedTarget.picks().forEach((set, pick) -> {
            pieces.add(set + "\tcopy\t" + pick.copy().label());
            repositoryState
                    .inventory(set)
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
