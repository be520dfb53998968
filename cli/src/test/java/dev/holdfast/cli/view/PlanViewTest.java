package dev.holdfast.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

@Tag("unit")
class PlanViewTest {

    @ParameterizedTest
    @CsvSource({
        "Start mongod social/config/a1, NONE, + 2 create",
        "Create the user shop, NONE, + 2 create",
        "Set max_connections on a2, NONE, ~ 2 change",
        "Restart a2, PAUSE, * 2 restart",
        "Drop the index old, NONE, - 2 delete",
        "delete the rows of message, NONE, - 2 delete",
        "Drop the field note, DANGER, ! 2 destructive",
        "Restart, NONE, * 2 restart"
    })
    void a_step_has_the_sign_of_its_verb_and_risk(String title, Step.Risk risk, String counted) {
        Step step = new Step("a1", "", title, "", risk, List.of(), 1, false, null, Duration.ofSeconds(1), List.of());
        assertThat(StepSign.of(step).counted(Ansi.OFF, 2)).isEqualTo(counted);
        assertThat(StepSign.of(step).printed(Ansi.ON)).contains("\u001b[").contains(counted.substring(0, 1));
    }
}
