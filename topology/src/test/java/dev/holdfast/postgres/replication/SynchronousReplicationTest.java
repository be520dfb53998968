package dev.holdfast.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SynchronousReplicationTest {

    private static String names(Bank bank) {
        return bank.at("a1").setting("synchronous_standby_names");
    }

    @Test
    void first_n_and_any_n_name_the_live_sync_standbys_in_the_declared_order() {
        Trio four = new Trio().member("c1", MemberRole.SYNC).waitsFor(Method.ANY, 2);
        assertThat(names(Bank.applied(four))).isEqualTo("ANY 2 (\"b1\", \"c1\")");
        Trio first = new Trio().member("c1", MemberRole.SYNC);
        assertThat(names(Bank.applied(first))).isEqualTo("FIRST 1 (\"b1\", \"c1\")");
    }

    @Test
    void a_disaster_recovery_copy_and_an_async_standby_are_never_waited_for() {
        assertThat(names(Bank.applied(new Trio().member("c1", MemberRole.ASYNC))))
                .isEqualTo("FIRST 1 (\"b1\")");
    }

    @Test
    void fast_waits_for_no_standby() {
        Bank bank = Bank.applied(new Trio().durability(Durability.FAST));
        assertThat(names(bank)).isEmpty();
        assertThat(bank.at("a1").setting("synchronous_commit")).isEqualTo("local");
        assertThat(bank.look().problems()).isEmpty();
    }

    @Test
    void protect_goes_on_waiting_when_no_candidate_is_left() {
        Bank bank = Bank.applied(new Trio());
        bank.at("b1").up = false;
        bank.fake.cannotStart.add("b1");
        bank.world.hurry(20);
        bank.apply();
        assertThat(names(bank)).isEqualTo("FIRST 1 (\"b1\")");
        assertThat(bank.look().problems()).contains("0 of 1 standbys are in sync: writes wait");
    }

    @Test
    void available_lets_writes_go_on_before_anything_else_and_waits_again_when_the_standby_is_back() {
        Bank bank = Bank.applied(new Trio().durability(Durability.AVAILABLE));
        bank.at("b1").up = false;
        bank.fake.cannotStart.add("b1");
        assertThat(bank.titles())
                .containsExactly(
                        "Set synchronous_standby_names on a1 to none",
                        "Start b1 as standby of a1",
                        "Wait until b1 has caught up",
                        "Set synchronous_standby_names on a1 to FIRST 1 (\"b1\")");
        bank.world.hurry(20);
        bank.apply();
        bank.world.hurry(1);
        assertThat(names(bank)).isEmpty();
        assertThat(bank.look().problems())
                .contains("0 of 1 standbys are in sync: writes are acknowledged without a standby");

        bank.fake.cannotStart.clear();
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(names(bank)).isEqualTo("FIRST 1 (\"b1\")");
    }

    @Test
    void a_standby_that_has_connected_and_reported_nothing_yet_is_waited_for_until_it_has() {
        Bank bank = Bank.applied(new Trio().durability(Durability.AVAILABLE));
        bank.at("b1").up = false;
        bank.fake.cannotStart.add("b1");
        bank.world.hurry(20);
        bank.apply();
        bank.world.hurry(1);

        bank.fake.cannotStart.clear();
        bank.at("b1").untold = 2;
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(names(bank)).isEqualTo("FIRST 1 (\"b1\")");
        assertThat(bank.at("b1").untold).isZero();
    }

    @Test
    void a_dead_standby_among_several_is_no_longer_named() {
        Bank bank = Bank.applied(new Trio().member("c1", MemberRole.SYNC));
        bank.fake.silentHosts.add("b1");
        bank.apply();
        assertThat(names(bank)).isEqualTo("FIRST 1 (\"c1\")");
    }

    @Test
    void protect_does_not_take_back_what_a_person_released_until_a_standby_follows() {
        Bank bank = Bank.applied(new Trio());
        bank.fake.silentHosts.add("b1");
        bank.at("a1").altered.put("synchronous_standby_names", "");
        bank.at("a1").read();
        bank.apply();
        assertThat(names(bank)).isEmpty();
        bank.fake.silentHosts.clear();
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(names(bank)).isEqualTo("FIRST 1 (\"b1\")");
    }

    @Test
    void every_form_of_the_setting_is_read() {
        assertThat(SynchronousStandbyNames.parse("FIRST 2 (\"b-1\", c1)")).containsExactly("b-1", "c1");
        assertThat(SynchronousStandbyNames.parse("b1, \"c1\"")).containsExactly("b1", "c1");
        assertThat(SynchronousStandbyNames.parse("")).isEmpty();
        assertThat(SynchronousStandbyNames.count("ANY 2 (a, b, c)")).isEqualTo(2);
        assertThat(SynchronousStandbyNames.count("2 (a, b, c)")).isEqualTo(2);
        assertThat(SynchronousStandbyNames.count("a, b")).isEqualTo(1);
        assertThat(SynchronousStandbyNames.count("")).isZero();
    }
}
