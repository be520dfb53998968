package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Planned moves of a primary on real servers, under writes. */
@Tag("real")
class SwitchoverTest {

    private static final int TIMES = 10;

    @Test
    void a_named_member_becomes_primary_by_one_election_and_no_write_is_lost() throws Exception {
        try (RealEstate estate = RealEstate.of("replica-set")) {
            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            RealSet set = new RealSet(estate, "notes/notes");
            List<Long> pauses = new ArrayList<>();
            List<long[]> spans = new ArrayList<>();
            try (Bystander writer = Bystander.of(estate, "")) {
                for (int i = 0; i < TIMES; i++) {
                    String from = set.awaitPrimary();
                    String to = from.endsWith("m1") ? "notes/notes/m2" : "notes/notes/m1";
                    long term = set.term(from);
                    writer.sees(100);
                    long begin = writer.now();
                    Ended done = estate.run("switchover", "notes", "--to", RealSet.member(to), "--yes");
                    writer.sees(20);
                    spans.add(new long[] {begin, writer.now()});
                    assertThat(done.exit()).as(done.toString()).isZero();
                    assertThat(set.primary()).isEqualTo(to);
                    assertThat(set.term(to)).as(done.toString()).isEqualTo(term + 1);
                }
                writer.stop();
                spans.forEach(s -> pauses.add(writer.pause(s[0], s[1])));
                System.out.println("switchovers paused writes for ms: " + pauses);
                assertThat(writer.heldAgainst(set.primary()).lost()).isEmpty();
                assertThat(writer.heldAgainst(set.primary()).ghosts()).isEmpty();
            }
            nothingIsDoneTwice(estate, set);
            aDryRunChangesNothing(estate, set);
            whatWouldBeTakenBackIsRefused(estate, set);
            aRollingChangeTakesOneElection(estate, set);
        }
    }

    private static void nothingIsDoneTwice(RealEstate estate, RealSet set) throws IOException {
        String primary = set.primary();
        Ended again = estate.run("switchover", "notes", "--to", RealSet.member(primary));
        assertThat(again.exit()).as(again.toString()).isZero();
        assertThat(again.err()).contains("is primary of notes/notes in term");
        assertThat(estate.changes()).isZero();
    }

    private static void aDryRunChangesNothing(RealEstate estate, RealSet set) throws IOException {
        String primary = set.primary();
        Document config = set.runCommand(primary, "{replSetGetConfig: 1}");
        Ended result = estate.run("switchover", "notes", "--dry-run", "-v");
        assertThat(result.exit()).as(result.toString()).isZero();
        assertThat(result.out()).contains("decision: make notes/notes/").contains("step-up.json");
        assertThat(set.primary()).isEqualTo(primary);
        assertThat(set.runCommand(primary, "{replSetGetConfig: 1}").get("config"))
                .isEqualTo(config.get("config"));
    }

    private static void whatWouldBeTakenBackIsRefused(RealEstate estate, RealSet set) {
        String primary = set.primary();
        Ended refused = estate.run("switchover", "notes", "--to", "m3", "--yes");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err())
                .contains("has priority 1 and m3 has 0.5: the set would soon elect the member with the higher priority")
                .contains("CODE: priority")
                .contains("--override=priority");
        assertThat(set.primary()).isEqualTo(primary);
    }

    private static void aRollingChangeTakesOneElection(RealEstate estate, RealSet set) throws IOException {
        String primary = set.primary();
        long term = set.term(primary);
        estate.rewrite(estate.text().replace("cacheSizeGB: 0.25", "cacheSizeGB: 0.3"));
        try (Bystander writer = Bystander.of(estate, "")) {
            Ended applied = estate.run("apply", "--yes");
            writer.sees(20);
            assertThat(applied.exit()).as(applied.toString()).isZero();
            writer.stop();
            String now = set.awaitPrimary();
            assertThat(set.term(now)).as(applied.toString()).isEqualTo(term + 1);
            assertThat(writer.heldAgainst(now).lost()).isEmpty();
        }
        List<String> restarted = estate.ledger().stream()
                .filter(e -> e.path("kind").asText().equals("STEP_DONE"))
                .map(e -> e.path("step").asText())
                .filter(s -> s.startsWith("Restart "))
                .toList();
        assertThat(restarted).hasSize(3).last().isEqualTo("Restart " + primary);
    }
}
