package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.ledger.WriteReconciliation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A set that loses its majority: given up by force only when it is asked for, and made whole again. */
@Tag("real")
class FailoverTest {

    @Test
    void a_lost_majority_is_given_up_when_asked_for_and_comes_back_with_what_it_rolled_back() throws Exception {
        try (RealEstate estate = RealEstate.of("replica-set")) {
            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            RealSet set = new RealSet(estate, "notes/notes");
            String primary = set.awaitPrimary();
            List<String> others = new ArrayList<>(List.of("notes/notes/m1", "notes/notes/m2", "notes/notes/m3"));
            others.remove(primary);
            String behind = others.get(0);
            String second = others.get(1);

            whatElectsItselfIsLeftAlone(estate, primary);

            try (Bystander writer = Bystander.of(estate, "")) {
                set.kill(behind);
                writer.sees(300);
                set.signal(second, "KILL");
                set.kill(primary);
                writer.stop();
                set.start(behind, RealSet.mongod());
                Patience.until(behind + " answers", () -> set.answers(behind));

                aSilentMajorityIsNotDead(estate, set, primary, second);
                lossIsAskedFor(estate);
                Ended done = estate.run("failover", "notes", "--yes", "--accept-data-loss");
                assertThat(done.exit()).as(done.toString()).isEqualTo(5);
                assertThat(done.err())
                        .contains(primary + ": the member is fenced")
                        .contains("HINT: holdfast rejoin " + primary);
                assertThat(set.primary()).isEqualTo(behind);
                WriteReconciliation lost = writer.heldAgainst(behind);
                assertThat(lost.lost()).isNotEmpty();

                applyLeavesTheFencedAlone(estate, set, behind);

                Ended first = estate.run("rejoin", primary, "--yes");
                assertThat(first.exit()).as(first.toString()).isZero();
                assertThat(first.err()).contains("documents were rolled back on " + RealSet.member(primary));
                Ended next = estate.run("rejoin", second, "--yes");
                assertThat(next.exit()).as(next.toString()).isZero();
                Ended whole = estate.run("plan", "--detailed-exitcode");
                assertThat(whole.exit()).as(whole.toString()).isZero();

                oneThatCannotGoOnTakesANewCopy(estate, set, second);
                again(estate, set, primary, second);
            }
        }
    }

    private static void whatElectsItselfIsLeftAlone(RealEstate estate, String primary) throws Exception {
        Ended idle = estate.run("failover", "notes");
        assertThat(idle.exit()).as(idle.toString()).isZero();
        assertThat(idle.err()).contains(RealSet.member(primary) + " is primary of notes/notes in term");
        assertThat(estate.changes()).isZero();
    }

    private static void aSilentMajorityIsNotDead(RealEstate estate, RealSet set, String one, String two)
            throws Exception {
        set.start(one, RealSet.mongod());
        set.start(two, RealSet.mongod());
        set.signal(one, "STOP");
        set.signal(two, "STOP");
        Ended refused = estate.run("failover", "notes", "--accept-data-loss", "--yes");
        set.signal(one, "KILL");
        set.signal(two, "KILL");
        set.kill(one);
        set.kill(two);
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(10);
        assertThat(refused.err())
                .contains("are unreachable and possibly run")
                .contains("CODE: others-silent")
                .contains("--override=others-silent");
    }

    private static void lossIsAskedFor(RealEstate estate) throws Exception {
        Ended refused = estate.run("failover", "notes", "--yes");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(7);
        assertThat(refused.err())
                .contains("1 of 3 voters answer; a majority is 2")
                .contains("last write at")
                .contains("writes with w: majority can be among them")
                .contains("--accept-data-loss");
        assertThat(estate.changes()).isZero();
    }

    private static void applyLeavesTheFencedAlone(RealEstate estate, RealSet set, String survivor) throws Exception {
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isEqualTo(5);
        assertThat(applied.err())
                .contains("open: ")
                .contains("is fenced")
                .contains("HINT: holdfast rejoin notes/notes/");
        Ended planned = estate.run("plan", "--detailed-exitcode");
        assertThat(planned.exit()).as(planned.toString()).isEqualTo(2);
        assertThat(planned.out()).contains("open difference").doesNotContain("as declared");
        assertThat(estate.changes()).isZero();
        assertThat(set.primary()).isEqualTo(survivor);
    }

    /** Its log says what a member says whose oplog ends before the others' begin. */
    private static void oneThatCannotGoOnTakesANewCopy(RealEstate estate, RealSet set, String member) throws Exception {
        set.kill(member);
        Files.writeString(
                set.directory(member).resolve("log/mongod.log"),
                "{\"s\":\"E\",\"msg\":\"We are too stale to catch up\"}\n",
                StandardOpenOption.APPEND);
        Ended done = estate.run("rejoin", member, "--yes");
        assertThat(done.exit()).as(done.toString()).isZero();
        assertThat(done.err())
                .contains("the member needs an initial sync, and its old data is set aside")
                .contains("Set aside the data of " + member);
        try (Stream<Path> files = Files.list(set.directory(member))) {
            assertThat(files.map(f -> f.getFileName().toString())).anyMatch(f -> f.startsWith("data.before-"));
        }
        // right after a member has come back the set may still be settling
        Patience.until(
                "nothing is to do",
                () -> estate.run("plan", "--detailed-exitcode").exit() == 0);
    }

    private static void again(RealEstate estate, RealSet set, String one, String two) throws Exception {
        set.signal(one, "KILL");
        set.kill(two);
        Patience.until("no member is primary", () -> set.primary().isEmpty());
        Ended refused = estate.run("failover", "notes", "--yes", "--accept-data-loss");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err()).contains("the last forced failover").contains("--override=failover-again");
        Ended former = estate.run("failover", "notes", "--dry-run", "--accept-data-loss", "--override=again");
        assertThat(former.exit()).as(former.toString()).isZero();
        assertThat(former.err()).contains("DEPRECATED: ").contains("HINT: use --override=failover-again");
        assertThat(former.out()).contains("code:     data-loss-accepted");
        Ended repaired = estate.run("apply", "--yes");
        assertThat(repaired.exit()).as(repaired.toString()).isZero();
    }
}
