package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RestartsTest {

    /** A standby that has not replayed the lower setting of its primary would not start with it. */
    private static final List<String> PRIMARY_FIRST = List.of(
            "Restart a1",
            "Wait until d1 replays the settings of a1",
            "Restart d1",
            "Wait until b1 replays the settings of a1",
            "Restart b1");

    private static List<Step> restarts(Bank bank) {
        return bank.plans().stream()
                .flatMap(p -> p.steps().stream())
                .filter(s -> s.title().startsWith("Restart") || s.title().startsWith("Wait "))
                .toList();
    }

    @Test
    void a_setting_that_takes_a_reload_restarts_no_server() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.setting("work_mem", "8MB");
        assertThat(bank.titles())
                .containsExactly(
                        "Update the configuration of a1",
                        "Update the configuration of b1",
                        "Update the configuration of d1");
        assertThat(bank.reasons().get(0)).isEqualTo("work_mem is '4MB' in postgresql.conf, desired '8MB'");
    }

    @Test
    void a_setting_that_takes_a_restart_restarts_the_standbys_first_and_the_primary_last() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.setting("shared_buffers", "256MB");
        assertThat(restarts(bank)).extracting(Step::title).containsExactly("Restart d1", "Restart b1", "Restart a1");
        assertThat(restarts(bank)).extracting(Step::risk).containsExactly(Risk.NONE, Risk.PAUSE, Risk.PAUSE);
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_setting_that_a_standby_must_not_have_lower_goes_down_on_the_primary_first() {
        Bank bank = Bank.applied(new Trio().setting("max_connections", "200"));
        bank.trio.setting("max_connections", "80");
        assertThat(restarts(bank)).extracting(Step::title).containsExactlyElementsOf(PRIMARY_FIRST);
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_standby_that_has_not_replayed_the_lower_setting_is_not_restarted_with_it() {
        Bank bank = Bank.applied(new Trio().setting("max_connections", "200"));
        bank.trio.setting("max_connections", "80");
        bank.at("d1").lag = 1000;
        int lives = bank.at("d1").lives;
        assertThat(bank.apply().failures())
                .singleElement()
                .asString()
                .contains("Wait until d1 replays the settings of a1: not within 120 s");
        assertThat(bank.at("d1").lives).isEqualTo(lives);
        bank.at("d1").lag = 0;
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_setting_that_is_taken_out_goes_down_to_its_default_on_the_primary_first() {
        Bank bank = Bank.applied(new Trio().setting("max_connections", "200"));
        bank.trio.settings.remove("max_connections");
        assertThat(restarts(bank)).extracting(Step::title).containsExactlyElementsOf(PRIMARY_FIRST);
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_manual_edit_that_no_restart_has_taken_up_yet_is_reset_without_one() {
        Bank bank = Bank.applied(new Trio().setting("shared_buffers", "128MB"));
        FakeServer server = bank.at("a1");
        server.altered.put("shared_buffers", "1GB");
        server.read();
        assertThat(bank.titles()).containsExactly("Reset ALTER SYSTEM settings on a1");
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void settings_of_which_one_goes_up_and_one_down_reach_the_standbys_twice_and_the_primary_in_between() {
        Bank bank = Bank.applied(new Trio().setting("max_connections", "100").setting("max_worker_processes", "16"));
        bank.trio.setting("max_connections", "150").setting("max_worker_processes", "8");
        assertThat(restarts(bank))
                .extracting(Step::title)
                .containsExactly(
                        "Restart d1",
                        "Restart b1",
                        "Restart a1",
                        "Wait until d1 replays the settings of a1",
                        "Restart d1 with the lower settings",
                        "Wait until b1 replays the settings of a1",
                        "Restart b1 with the lower settings");
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void the_first_server_that_does_not_come_back_ends_the_restarts() {
        Bank bank = Bank.applied(new Trio());
        int primary = bank.at("a1").lives;
        int standby = bank.at("b1").lives;
        bank.trio.setting("shared_buffers", "256MB");
        bank.fake.cannotStart.add("d1");
        assertThat(bank.apply().exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(bank.at("d1").up).isFalse();
        assertThat(bank.at("a1").lives).isEqualTo(primary);
        assertThat(bank.at("b1").lives).isEqualTo(standby);
        bank.fake.cannotStart.clear();
        assertThat(bank.apply().toString()).contains("exit=DONE");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_server_that_does_not_stop_in_time_goes_on() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.setting("shared_buffers", "256MB");
        bank.fake.cannotStop.add("d1");
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.at("d1").abandoned).isPositive();
        assertThat(bank.at("d1").up).isTrue();
        assertThat(bank.at("b1").abandoned).isZero();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void settings_that_a_server_would_not_start_with_are_refused_before_anything_is_changed() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.setting("shared_preload_libraries", "nothing");
        bank.fake.cannotUse.add("b1");
        assertThat(bank.refusals())
                .containsExactly("payments/servers/b1: with the declared settings the server would not start:"
                        + " FATAL: could not access file \"nothing\"");
        assertThat(bank.apply().exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void no_server_is_stopped_while_a_standby_does_not_follow() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.setting("shared_buffers", "256MB");
        bank.at("d1").hangs = true;
        int lives = bank.at("b1").lives;
        assertThat(restarts(bank)).extracting(Step::title).startsWith("Wait until d1 follows before a restart");
        assertThat(bank.apply().failures()).isNotEmpty();
        assertThat(bank.at("b1").lives).isEqualTo(lives);
    }
}
