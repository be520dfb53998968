package dev.holdfast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What status reports of differences from the desired state. */
@Tag("unit")
class PlanComparisonTest {

    private static final Host HOST = new Host("a1", "127.0.0.1", "z", "r", new HostAccess.Local(), "/");

    private record Serving(Instant at) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            Node node = new Node("social", "shard-a", "a1", Node.Kind.MONGOD, HOST, 27018, "/d");
            return List.of(new NodeStatus(node, NodeAvailability.UP, "primary", Map.of()));
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    private static List<HealthProblem> findings(ExitCode exit) {
        Plan open = Plan.open(List.of(new Refusal("social", "its archive has ended", "start the archiver", exit)));
        return new PlanComparison(
                        new Serving(Instant.EPOCH),
                        List.of(
                                new Runbook.Planned("social", "backups", open),
                                new Runbook.Planned("social", "again", open)))
                .findings();
    }

    @Test
    void an_open_difference_is_one_minor_problem() {
        assertThat(findings(ExitCode.INCOMPLETE))
                .containsExactly(HealthProblem.minor("social: its archive has ended; HINT: start the archiver"));
    }

    @Test
    void a_part_that_was_not_compared_is_unreached_although_its_server_answers() {
        assertThat(compared(ExitCode.UNREACHABLE).isPartlyUnreached()).isTrue();
        assertThat(compared(ExitCode.REFUSED).isPartlyUnreached()).isFalse();
    }

    private static PlanComparison compared(ExitCode exit) {
        Plan missing = Plan.missing(List.of(new Refusal("social/shard-a/a1", "not compared", "make it answer", exit)));
        return new PlanComparison(
                new Serving(Instant.EPOCH), List.of(new Runbook.Planned("social", "servers", missing)));
    }

    @Test
    void an_open_difference_that_misses_an_objective_is_a_grave_problem() {
        assertThat(findings(ExitCode.OBJECTIVE_MISSED))
                .containsExactly(HealthProblem.grave("social: its archive has ended; HINT: start the archiver"));
    }
}
