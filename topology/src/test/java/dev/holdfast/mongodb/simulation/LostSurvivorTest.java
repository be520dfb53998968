package dev.holdfast.mongodb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.simulation.MongoSequence.Layout;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The host of the survivor of a forced failover is lost: apply starts no fenced member, so failover must name a way out. */
@Tag("unit")
class LostSurvivorTest {

    private final MongoModel model = MongoModel.of(MongoSequence.found(Layout.THREE), PlantedFault.none());

    private void happens(Kind kind, String member) {
        model.happen(SimulatedEvent.of(kind, member));
    }

    private Operation<?> failover() {
        return FailoverOperation.of(
                model.topology(),
                model.cluster(),
                new RoleChangeRequest("rs", Optional.empty(), true, Set.of("others-silent")));
    }

    private RunbookOutcome run(Operation<?> operation) {
        RunbookRunner runner = new RunbookRunner(
                model.world(), (kind, facts) -> Map.of(), model.world().now().plus(Duration.ofHours(1)));
        return runner.run(List.of(operation.runbook())).get(0);
    }

    @Test
    void the_members_that_were_given_up_are_started_only_when_the_survivor_is_known_to_have_no_data() {
        happens(Kind.KILL, "b1");
        happens(Kind.KILL, "c1");
        happens(Kind.TIME, "a1");
        assertThat(run(failover()).failures()).isEmpty();
        happens(Kind.POWER_OFF, "a1");

        Operation.Assessment decided = failover().decide(model.world());
        assertThat(decided.refusal().orElseThrow().exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(decided.because()).contains("the host of a1 does not answer, and a1 can have all later writes");
        assertThat(decided.refusal().get().hint())
                .contains("make the host of a1 answer, then holdfast apply")
                .contains("declare the member on another host, then holdfast failover social/rs --accept-data-loss");
        model.world().forget();
        assertThat(run(failover()).exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(model.world().changes()).isEmpty();

        happens(Kind.POWER_ON, "a1");
        happens(Kind.WIPE, "a1");
        assertThat(run(failover()).failures()).isEmpty();
        happens(Kind.TIME, "b1");
        assertThat(model.primaries()).isEqualTo(1);
    }
}
