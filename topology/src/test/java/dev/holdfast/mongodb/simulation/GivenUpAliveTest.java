package dev.holdfast.mongodb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.provision.ProvisionRunbook;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.rolechange.RejoinOperation;
import dev.holdfast.mongodb.simulation.MongoSequence.Layout;
import dev.holdfast.plan.Runbook;
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

/**
 * The link to b1, c1 and e1 is cut, and an operator confirms that they are off although they run. a1 is forced to be primary, and
 * d1 rejoins. Meanwhile the others elect twice, so that their configuration has a later term.
 */
@Tag("unit")
class GivenUpAliveTest {

    private static final List<String> OTHERS = List.of("b1", "c1", "e1");

    private final MongoModel model = MongoModel.of(MongoSequence.found(Layout.FIVE), PlantedFault.none());

    private void happens(Kind kind, String member) {
        model.happen(SimulatedEvent.of(kind, member));
    }

    private RoleChangeRequest request(String member, Set<String> overrides) {
        return new RoleChangeRequest("rs", Optional.of(member).filter(m -> !m.isEmpty()), true, overrides);
    }

    private RunbookOutcome run(Runbook<?> runbook) {
        RunbookRunner runner = new RunbookRunner(
                model.world(), (kind, facts) -> Map.of(), model.world().now().plus(Duration.ofHours(1)));
        return runner.run(List.of(runbook)).get(0);
    }

    private RunbookOutcome run(Operation<?> operation) {
        return run(operation.runbook());
    }

    private void cut() {
        for (String other : OTHERS) {
            happens(Kind.CUT_FROM_CLI, other);
            model.set().parted.add("a1-" + other);
            model.set().parted.add("d1-" + other);
        }
        happens(Kind.KILL, "d1");
        happens(Kind.TIME, "a1");
        RunbookOutcome forced =
                run(FailoverOperation.of(model.topology(), model.cluster(), request("", Set.of("others-silent"))));
        assertThat(forced.failures()).isEmpty();
        assertThat(forced.refusals()).isEmpty();
        assertThat(forced.open()).extracting(o -> o.where()).contains("social/rs/b1");
        happens(Kind.WRITE, "a1");
    }

    private String elected() {
        List<ReplicaMember> primaries = model.set().primaries().stream()
                .filter(p -> OTHERS.contains(p.name))
                .toList();
        assertThat(primaries).hasSize(1);
        return primaries.get(0).name;
    }

    private void theOthersElectTwice() {
        happens(Kind.STEP_DOWN, elected());
        happens(Kind.TIME, "b1");
        happens(Kind.STEP_DOWN, elected());
        happens(Kind.TIME, "b1");
        happens(Kind.WRITE, "b1");
        assertThat(elected()).isNotEmpty();
    }

    @Test
    void the_set_of_the_survivor_does_not_follow_them_when_the_link_is_back() {
        cut();
        assertThat(run(RejoinOperation.of(model.topology(), model.cluster(), request("d1", Set.of())))
                        .failures())
                .isEmpty();
        happens(Kind.WRITE, "a1");
        List<OplogEntry> acknowledged = List.copyOf(model.set().named("a1").oplog);
        theOthersElectTwice();
        assertThat(model.set().named("a1").config.term()).isEqualTo(MemberConfig.FORCED);

        model.planReturn();
        happens(Kind.TIME, "a1");
        happens(Kind.TIME, "a1");
        assertThat(model.set().primaries()).hasSize(1);
        assertThat(model.set().primaries().get(0).oplog).containsAll(acknowledged);
        assertThat(OTHERS).allMatch(o -> model.set().named(o).isRemoved());

        RunbookOutcome applied = run(ProvisionRunbook.of(model.topology(), model.cluster()));
        assertThat(applied.exit()).as(applied.toString()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
        assertThat(model.set().primaries().get(0).oplog).containsAll(acknowledged);
    }

    @Test
    void plan_names_them_until_they_know_the_forced_configuration() {
        cut();
        RunbookOutcome applied = run(ProvisionRunbook.of(model.topology(), model.cluster()));
        assertThat(applied.toString())
                .contains("b1")
                .contains("has not shown that it knows the forced configuration of social/rs");
        assertThat(model.set().named("a1").config.entries()).hasSize(1);
    }
}
