package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Exit;
import dev.holdfast.plan.DecisionTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How one comes back that was left: the decisions of rejoin, row by row, and its runs on pretend servers. */
class RejoinTest extends Rehearsal {

    @RegisterExtension
    static final DecisionTable REJOIN = new DecisionTable("PostgreSQL: rejoin", RejoinCase.TABLE);

    @Override
    Map<List<?>, DecisionTable> tables() {
        return Map.of(RejoinCase.TABLE, REJOIN);
    }

    @Test
    void the_fenced_primary_is_rewound_once_and_what_only_it_has_is_kept() {
        lost("a1");
        bank.at("a1").end += 0x500;
        done(failover("", false));
        decides(
                rejoin("a1"),
                "keep what only a1 has, rewind it and start it as a standby",
                "a1 was primary on timeline 1");
        done(rejoin("a1"));
        assertThat(bank.at("a1").marks).containsKeys("kept", "rewound").doesNotContainKey("fence");
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(bank.titles()).isEmpty();
        bank.world.forget();
        done(rejoin("a1"));
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void a_proxy_that_does_not_run_is_left_to_apply() {
        lost("a1");
        done(failover("", false));
        bank.fake.proxy("a1").up = false;
        done(rejoin("a1"));
        assertThat(bank.apply().isDone()).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/b1");
    }

    @Test
    void a_rewind_that_did_not_end_is_not_repeated_the_folder_is_kept_and_cloned() {
        lost("a1");
        done(failover("", false));
        bank.at("a1").marks.put("rewind", "from 10.0.0.2:5432");
        decides(
                rejoin("a1"),
                "keep the folder of a1 aside and clone it anew",
                "a second one would leave a folder that is not whole");
        done(rejoin("a1"));
        assertThat(bank.at("a1").marks).containsKey("kept").doesNotContainKeys("fence", "rewind");
        assertThat(bank.at("a1").standby).isTrue();
    }

    @Test
    void a_rewind_that_fails_ends_in_a_clone() {
        lost("a1");
        done(failover("", false));
        bank.fake.cannotRewind.add("a1");
        done(rejoin("a1"));
        assertThat(bank.at("a1").standby).isTrue();
    }

    @Test
    void the_primary_and_a_follower_have_nowhere_to_come_back_to() {
        decides(rejoin("a1"), "nothing is done", "a1 is primary");
        decides(rejoin("b1"), "nothing is done", "b1 follows a1");
    }

    @Test
    void nobody_comes_back_to_a_cluster_without_a_primary() {
        lost("a1");
        refuses(rejoin("b1"), Exit.UNREACHABLE, "no primary answers", "holdfast failover");
    }

    @Test
    void its_host_must_answer_and_its_name_be_known() {
        refuses(rejoin("x1"), Exit.USAGE, "x1: no member is called that", "holdfast status");
        bank.fake.silentHosts.add("b1");
        refuses(rejoin("b1"), Exit.UNREACHABLE, "the host of b1 does not answer", "make the host answer");
    }

    @Test
    void a_member_of_another_cluster_is_refused() {
        lost("b1");
        bank.at("b1").systemIdentifier = "799";
        refuses(rejoin("b1"), Exit.REFUSED, "b1 has system identifier 799, and a1 has 71", "move its folder away");
    }

    @Test
    void the_ways_back_of_one_that_was_never_primary() {
        bank.at("b1").hangs = true;
        bank.at("b1").up = false;
        refuses(rejoin("b1"), Exit.REFUSED, "b1 neither answers nor has ended", "stop it, or wait until it answers");
        bank.at("b1").hangs = false;
        decides(rejoin("b1"), "start b1 as a standby, without a rewind", "b1 has no log that a1 does not have");
        bank.at("b1").data = false;
        decides(rejoin("b1"), "keep the folder of b1 aside and clone it anew", "b1 has no database");
    }

    @Test
    void rows_that_could_not_be_written_out_are_kept_with_the_whole_folder() {
        lost("a1");
        done(failover("", false));
        bank.at("a1").marks.put("unread", "20260101T000000Z");
        decides(
                rejoin("a1"),
                "keep the folder of a1 aside and clone it anew",
                "the rows that only it has could not be written out");
    }

    @Test
    void a_primary_that_was_left_and_lives_is_fenced_and_brought_back() {
        bank.at("a1").up = false;
        bank.fake.silentHosts.add("a1");
        done(failover("", true, "fenced-by-hand"));
        bank.fake.silentHosts.remove("a1");
        bank.at("a1").up = true;
        assertThat(bank.refusals()).anyMatch(r -> r.contains("two primaries, a split brain"));
        refuses(rejoin("b1"), Exit.REFUSED, "two primaries, a split brain", "");
        decides(
                rejoin("a1"),
                "fence a1, keep what only it has, and bring it back as a standby",
                "a1 is primary on timeline 1, and b1 was promoted since");
        done(rejoin("a1"));
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/b1");
        assertThat(bank.titles()).isEmpty();
    }
}
