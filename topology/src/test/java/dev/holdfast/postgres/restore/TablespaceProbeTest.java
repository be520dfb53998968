package dev.holdfast.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.world.FakeOutput;
import dev.holdfast.world.FakeWorld;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A missing answer is neither "no tablespaces" nor "no database". */
@Tag("unit")
class TablespaceProbeTest {

    private final PostgresCluster cluster = new Trio().cluster();
    private final FakeWorld world =
            new FakeWorld().with((action, now) -> new FakeOutput(action.script().file()).answer());

    @Test
    void a_restore_is_refused_as_long_as_a_host_does_not_describe_its_tablespaces() {
        Node place = cluster.servers().get(0);
        for (boolean isInPlace : new boolean[] {true, false}) {
            TablespaceProbe probe = new TablespaceProbe(null, cluster, isInPlace);
            assertThat(probe.refusal(world, null, place, null)).isEmpty();
        }
        world.unanswered("b1", "postgres/tablespaces-look.sh");
        for (boolean isInPlace : new boolean[] {true, false}) {
            TablespaceProbe probe = new TablespaceProbe(null, cluster, isInPlace);
            assertThat(probe.refusal(world, null, place, null)).hasValueSatisfying(r -> {
                assertThat(r.exit()).isEqualTo(ExitCode.UNREACHABLE);
                assertThat(r.where()).isEqualTo("b1");
                assertThat(r.what()).contains(FakeWorld.TRUNCATED).contains("Nothing was changed");
            });
        }
    }

    @Test
    void a_place_that_its_host_does_not_describe_is_not_empty() {
        ScriptAnswer silent = ScriptAnswer.silent(FakeWorld.TRUNCATED);
        DestinationState unknown = DestinationState.of(silent, DirectoryOwner.ABSENT, false, silent.result(), silent);
        assertThat(unknown.isAbsent()).isFalse();
        assertThat(unknown.trouble()).contains(FakeWorld.TRUNCATED);
        ScriptAnswer nothing = DestinationState.LOOK.read(new FakeOutput("postgres/restore-look.sh")
                .record(
                        "progress",
                        "order",
                        "",
                        "finished",
                        "",
                        "data",
                        "absent",
                        "process",
                        "down",
                        "reached",
                        "",
                        "free",
                        1)
                .answer());
        DestinationState empty = DestinationState.of(nothing, DirectoryOwner.ABSENT, false, silent.result(), silent);
        assertThat(empty.isAbsent()).isTrue();
    }
}
