package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartsTest {

    /** A standby that has not replayed the lower setting of its primary would not start with it. */
    private static final List<String> PRIMARY_FIRST = List.of(
            "Restart a1",
            "Wait until d1 has replayed what a1 runs with",
            "Restart d1",
            "Wait until b1 has replayed what a1 runs with",
            "Restart b1");

    private static List<Step> restarts(Bank bank) {
        return bank.plans().stream()
                .flatMap(p -> p.steps().stream())
                .filter(s -> s.title().startsWith("Restart") || s.title().startsWith("Wait "))
                .toList();
    }

    @Test
    void a_setting_that_takes_a_reload_restarts_nobody() {
        Bank bank = Bank.applied(new Trio());
        bank.trio.setting("work_mem", "8MB");
        assertThat(bank.titles())
                .containsExactly(
                        "Put the configuration of a1 right",
                        "Put the configuration of b1 right",
                        "Put the configuration of d1 right");
        assertThat(bank.reasons().get(0)).isEqualTo("work_mem is '4MB' in postgresql.conf, wanted '8MB'");
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
                .contains("Wait until d1 has replayed what a1 runs with: not within 120 s");
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
    void an_edit_by_hand_that_no_restart_has_taken_up_yet_is_taken_back_without_one() {
        Bank bank = Bank.applied(new Trio().setting("shared_buffers", "128MB"));
        FakeServer server = bank.at("a1");
        server.altered.put("shared_buffers", "1GB");
        server.read();
        assertThat(bank.titles()).containsExactly("Take back what ALTER SYSTEM has set on a1");
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.titles()).isEmpty();
    }
}
