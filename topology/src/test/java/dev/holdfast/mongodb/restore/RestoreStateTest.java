package dev.holdfast.mongodb.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.world.FakeOutput;
import dev.holdfast.world.FakeWorld;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How far a restore has come. */
@Tag("unit")
class RestoreStateTest {

    @Test
    void a_folder_that_its_host_does_not_describe_is_out_of_reach_and_not_untouched() {
        List<Node> nodes = Wanted.replicaSet("a1", "b1").nodes();
        FakeWorld world = new FakeWorld()
                .with((action, now) -> new FakeOutput(action.script().file()).answer())
                .unanswered("b1", "mongodb/restore-progress.sh");
        Map<Node, HostFacts> hostFacts = new LinkedHashMap<>();
        nodes.forEach(
                n -> hostFacts.put(n, new HostFacts(NodeAvailability.DOWN, DirectoryOwner.OURS, false, Map.of(), "")));
        Map<Node, HostFacts> confirmed =
                RestoreState.folders(world, nodes, true).confirmed(hostFacts);
        assertThat(confirmed.get(nodes.get(0)).isDown()).isTrue();
        assertThat(confirmed.get(nodes.get(1)).process()).isEqualTo(NodeAvailability.SILENT);
        assertThat(confirmed.get(nodes.get(1)).reason()).contains(FakeWorld.TRUNCATED);
    }
}
