package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import java.util.List;

/**
 * What a member's host says of its archiving: {@code postgres/archive-look.sh}.
 *
 * @param system the identifier of its database
 * @param isConfigured its pgbackrest.conf is as wanted
 * @param hasStanza it reaches the repository of its system, and that has a stanza
 * @param isIn segments of its newest timeline are in the repository
 * @param isKept the configuration on the repository's machine is as wanted; true where that is the member's own
 * @param isGone the folder that holds the repository is not there
 * @param control its control file as text, where a repository on another machine has no stanza yet; else empty
 * @param trouble why it could not tell, or why it cannot archive; empty when it can
 * @param failed the last error of archiving in its log; empty when there is none
 */
public record ArchivingState(
        String system,
        boolean isConfigured,
        boolean hasStanza,
        boolean isIn,
        boolean isKept,
        boolean isGone,
        String control,
        String trouble,
        String failed) {

    static final ArchivingState NOTHING = new ArchivingState("", false, false, false, false, false, "", "", "");

    public static ArchivingState of(ActionResult answer, boolean isKept) {
        List<String> told = answer.isOk() ? answer.text().lines().toList() : List.of();
        return new ArchivingState(
                after(told, "system\t"),
                told.contains("configured"),
                told.contains("stanza"),
                told.contains("arrived"),
                isKept,
                told.contains("gone"),
                after(told, "control\t"),
                answer.isOk() ? after(told, "trouble\t") : answer.sentence(),
                after(told, "failed\t"));
    }

    private static String after(List<String> told, String word) {
        return told.stream()
                .filter(l -> l.startsWith(word))
                .map(l -> l.substring(word.length()).strip())
                .findFirst()
                .orElse("");
    }
}
