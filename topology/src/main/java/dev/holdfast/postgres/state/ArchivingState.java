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
 * @param isUnknown its host, or the repository's machine, did not answer: what is missing above is unknown, not absent
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
        String failed,
        boolean isUnknown) {

    /** What the repository's machine answers when its configuration is as wanted. */
    public static final String KEPT = "kept";

    static final ArchivingState NOTHING = new ArchivingState("", false, false, false, false, false, "", "", "", false);

    /** @param kept what the repository's machine answered; the answer "kept" where that is the member's own */
    public static ArchivingState of(ActionResult answer, ActionResult kept) {
        List<String> lines = answer.isOk() ? answer.text().lines().toList() : List.of();
        return new ArchivingState(
                after(lines, "system\t"),
                lines.contains("configured"),
                lines.contains("stanza"),
                lines.contains("arrived"),
                kept.isOk() && kept.text().strip().equals(KEPT),
                lines.contains("gone"),
                after(lines, "control\t"),
                !answer.isOk() ? answer.sentence() : kept.isSilent() ? kept.sentence() : after(lines, "trouble\t"),
                after(lines, "failed\t"),
                answer.isSilent() || kept.isSilent());
    }

    private static String after(List<String> lines, String word) {
        return lines.stream()
                .filter(l -> l.startsWith(word))
                .map(l -> l.substring(word.length()).strip())
                .findFirst()
                .orElse("");
    }
}
