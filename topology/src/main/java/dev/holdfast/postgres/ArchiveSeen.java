package dev.holdfast.postgres;

import dev.holdfast.world.Answer;
import java.util.List;

/**
 * What a member's host says of its archiving: {@code postgres/archive-look.sh}.
 *
 * @param isConfigured its pgbackrest.conf is as wanted
 * @param hasStanza its machine sees the repository of its system, with a stanza
 * @param isIn segments of its newest timeline are in the repository
 * @param trouble why it could not tell; empty when it could
 */
record ArchiveSeen(boolean isConfigured, boolean hasStanza, boolean isIn, String trouble) {

    static ArchiveSeen of(Answer answer) {
        List<String> told = answer.isOk() ? answer.text().lines().toList() : List.of();
        return new ArchiveSeen(
                told.contains("configured"),
                told.contains("stanza"),
                told.contains("arrived"),
                answer.isOk() ? "" : answer.sentence());
    }
}
