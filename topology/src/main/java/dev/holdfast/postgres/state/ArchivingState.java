package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import java.util.List;

/**
 * The archiving state of a member, as its host reports it: {@code postgres/archive-look.sh}.
 *
 * @param system the system identifier of its database
 * @param isConfigured whether its pgbackrest.conf is as desired
 * @param hasStanza whether it reaches the repository of its system, with a stanza
 * @param isIn whether segments of its newest timeline are in the repository
 * @param isKept whether the configuration on the repository host is as desired; true where that is the member's host
 * @param isGone whether the directory of the repository is missing
 * @param control its control file as text, where a repository on a separate host has no stanza yet; otherwise empty
 * @param trouble why it gave no answer, or why it cannot archive; empty when it can
 * @param failed the last archiving error in its server log; empty when there is none
 * @param isUnknown whether its host or the repository host did not answer: what is missing above is then unknown, not absent
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
