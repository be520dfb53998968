package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.provision.StaleSlotPlanner;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which slots are dropped, and when that is done. */
@Tag("unit")
class StaleSlotsTest {

    /** Its host does not answer, but its server runs: the server still connects where it connected before. */
    @Test
    void a_slot_that_an_unreachable_member_uses_again_in_the_meantime_stays() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").slots.add("a1");
        RoleChangeActions actions = new RoleChangeActions(bank.trio.estate(), bank.trio.cluster());
        RoleChangeConditions until =
                new RoleChangeConditions(new RoleChangeProbe(bank.trio.estate(), bank.trio.cluster()), actions);
        List<Step> steps = new StaleSlotPlanner(bank.trio.cluster(), actions, until)
                .plan(new ClusterProbe(bank.trio.estate(), bank.trio.cluster()).look(bank.world, true))
                .steps();
        assertThat(steps).singleElement().satisfies(s -> assertThat(s.title()).isEqualTo("Drop the slots a1 on a1"));
        Step step = steps.get(0);
        assertThat(step.until().look().at(bank.world).holds()).isFalse();
        bank.at("d1").running.put("primary_slot_name", "a1");
        assertThat(step.until().look().at(bank.world).holds()).isTrue();
    }
}
