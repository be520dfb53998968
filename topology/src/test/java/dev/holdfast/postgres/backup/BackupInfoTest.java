package dev.holdfast.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The base backups and the segment size that the JSON of {@code pgbackrest info} says, and what it says of a damaged repository. */
@Tag("unit")
class BackupInfoTest {

    private static final WalSegmentSize ONE_MIB = new WalSegmentSize(1 << 20);

    private static Map<String, Object> backup(String first, String last, String start, String stop) {
        return Map.of(
                "archive", Map.of("start", first, "stop", last),
                "error", false,
                "info", Map.of("delta", 8456, "repository", Map.of("delta", 560), "size", 22_992_563),
                "label", "20261129-224754F_20261129-224757I",
                "lsn", Map.of("start", start, "stop", stop),
                "timestamp", Map.of("start", 1_795_992_477, "stop", 1_795_992_479L),
                "type", "incr");
    }

    private static BackupInfo info(int code, String message, List<Map<String, Object>> backups) {
        return BackupInfo.of(Map.of(
                "backup",
                backups,
                "repo",
                List.of(Map.of("key", 1, "status", Map.of("code", code, "message", message)))));
    }

    @Test
    void a_backup_is_read_from_the_documented_fields() {
        BackupInfo info = info(
                0,
                "ok",
                List.of(backup("000000030000000000000008", "000000030000000000000009", "0/8000028", "0/9000050")));
        assertThat(info.trouble()).isEmpty();
        assertThat(info.segmentSize()).isEqualTo(WalSegmentSize.DEFAULT);
        assertThat(info.backups())
                .containsExactly(new BaseBackup(
                        "20261129-224754F_20261129-224757I",
                        "incr",
                        Instant.ofEpochSecond(1_795_992_477),
                        Instant.ofEpochSecond(1_795_992_479),
                        3,
                        8,
                        9,
                        Lsn.at("0/9000050"),
                        22_992_563,
                        560));
    }

    @Test
    void a_backup_without_the_wal_that_it_needs_is_none() {
        Map<String, Object> incomplete = Map.of("label", "20261129-224754F", "archive", Map.of(), "type", "full");
        assertThat(info(0, "ok", List.of(incomplete)).backups()).isEmpty();
    }

    @Test
    void the_size_of_a_segment_follows_from_where_backups_began() {
        Map<String, Object> low =
                backup("000000010000000000000007", "000000010000000000000008", "0/700028", "0/800050");
        BackupInfo info = info(0, "ok", List.of(low));
        assertThat(info.segmentSize()).isEqualTo(ONE_MIB);
        assertThat(info.backups().get(0).first()).isEqualTo(7);
        // the first segment of a half is the first one of every size
        Map<String, Object> ambiguous = backup("000000010000000200000000", "000000010000000200000000", "2/28", "2/100");
        assertThat(info(0, "ok", List.of(ambiguous)).segmentSize()).isEqualTo(WalSegmentSize.DEFAULT);
        assertThat(info(0, "ok", List.of(ambiguous, low)).segmentSize()).isEqualTo(ONE_MIB);
        assertThat(info(0, "ok", List.of(ambiguous, low)).backups().get(0).first())
                .isEqualTo(0x2000);
        assertThat(info(2, "no valid backups", List.of()).segmentSize()).isEqualTo(WalSegmentSize.DEFAULT);
    }

    @Test
    void segments_of_another_size_are_one_range_across_the_halves_of_the_position() {
        Map<String, Object> stanza = Map.of(
                "backup",
                List.of(backup("000000010000000000000FFE", "000000010000000000000FFE", "0/FFE00028", "0/FFE00100")),
                "repo",
                List.of(Map.of("status", Map.of("code", 0))));
        RepositoryState state = RepositoryState.of(new ActionResult(
                ActionResult.Outcome.OK,
                "",
                WalArchiveTimelineTest.answer(
                        "{\"t\":\"range\",\"first\":\"000000010000000000000FF0\",\"last\":\"000000010000000000000FFF\"}\n"
                                + "{\"t\":\"range\",\"first\":\"000000010000000100000000\",\"last\":\"000000010000000100000003\"}\n"),
                List.of(stanza)));
        WalArchiveTimeline lineage = state.lineage();
        assertThat(lineage.reach(0xFFE)).isEqualTo(0x1003);
        assertThat(lineage.end()).contains(Lsn.at("1/400000"));
        assertThat(lineage.name(0x1003)).isEqualTo("000000010000000100000003");
    }

    @Test
    void a_repository_without_backups_is_no_trouble_and_a_damaged_one_is() {
        assertThat(info(2, "no valid backups", List.of()).trouble()).isEmpty();
        assertThat(info(3, "missing stanza data", List.of()).trouble())
                .isEqualTo("pgbackrest info: missing stanza data");
        assertThat(info(99, "[CryptoError] unable to load info file\nHINT: is or was the repo encrypted?", List.of())
                        .trouble())
                .isEqualTo(
                        "pgbackrest info: [CryptoError] unable to load info file HINT: is or was the repo encrypted?");
    }

    @Test
    void an_answer_without_json_is_trouble_where_there_is_a_repository() {
        assertThat(RepositoryState.of(ActionResult.ok(WalArchiveTimelineTest.answer("")))
                        .trouble())
                .isEqualTo("pgbackrest info printed no status of the repository");
        String nothing = RepositoryRecords.LOOK.header() + "\n{\"t\":\"end\",\"records\":0}\n";
        assertThat(RepositoryState.of(ActionResult.ok(nothing)).trouble()).isEmpty();
        assertThat(RepositoryState.of(ActionResult.ok(RepositoryRecords.LOOK.header() + "\n"))
                        .trouble())
                .contains("truncated output");
        assertThat(RepositoryState.of(ActionResult.refused("1", "full")).trouble())
                .isEqualTo("refused (1): full");
    }
}
