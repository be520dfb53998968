package dev.holdfast.postgres;

import dev.holdfast.world.Answer;
import java.util.List;

/**
 * What a member's host says of its archiving: {@code postgres/archive-look.sh}.
 *
 * @param system the identifier of its database
 * @param isConfigured its pgbackrest.conf is as wanted
 * @param hasStanza it reaches the repository of its system, and that has a stanza
 * @param isIn segments of its newest timeline are in the repository
 * @param isKept the configuration on the repository's machine is as wanted; true where that is the member's own
 * @param control its control file as text, where a repository on another machine has no stanza yet; else empty
 * @param trouble why it could not tell; empty when it could
 */
record ArchiveSeen(
        String system,
        boolean isConfigured,
        boolean hasStanza,
        boolean isIn,
        boolean isKept,
        String control,
        String trouble) {

    static final ArchiveSeen NOTHING = new ArchiveSeen("", false, false, false, false, "", "");

    static ArchiveSeen of(Answer answer, boolean isKept) {
        List<String> told = answer.isOk() ? answer.text().lines().toList() : List.of();
        return new ArchiveSeen(
                after(told, "system\t"),
                told.contains("configured"),
                told.contains("stanza"),
                told.contains("arrived"),
                isKept,
                after(told, "control\t"),
                answer.isOk() ? after(told, "trouble\t") : answer.sentence());
    }

    private static String after(List<String> told, String word) {
        return told.stream()
                .filter(l -> l.startsWith(word))
                .map(l -> l.substring(word.length()).strip())
                .findFirst()
                .orElse("");
    }
}
