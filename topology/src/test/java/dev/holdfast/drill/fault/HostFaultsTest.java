package dev.holdfast.drill.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.world.FakeOutput;
import dev.holdfast.world.FakeWorld;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What hosts say of the faults that were injected there. */
@Tag("unit")
class HostFaultsTest {

    private final MongoCluster cluster = Wanted.replicaSet("a1");
    private ActionResult answer = new FakeOutput("host/faults-list.sh")
            .record("fault-on-record", "name", "freeze", "description", "freeze of a1")
            .answer();
    private final HostFaults faults = new HostFaults(new FakeWorld().with((action, now) -> answer));

    @Test
    void a_host_that_does_not_answer_is_not_one_without_faults() {
        HostFaults.Records known = faults.recorded(Wanted.estate(cluster));
        assertThat(known.all()).extracting(HostFaults.Recorded::description).containsExactly("freeze of a1");
        assertThat(known.unreached()).isEmpty();
        answer = ActionResult.silent(FakeWorld.TRUNCATED);
        HostFaults.Records unknown = faults.recorded(Wanted.estate(cluster));
        assertThat(unknown.all()).isEmpty();
        assertThat(unknown.unreached()).containsEntry("a1", "no answer: " + FakeWorld.TRUNCATED);
    }

    @Test
    void a_fault_is_gone_only_when_its_host_says_so() {
        Fault fault = BuiltIns.faults().iterator().next();
        AffectedNode affected = AffectedNode.of(cluster.nodes().get(0));
        answer = ActionResult.ok("");
        assertThat(faults.isGone(fault, affected)).isFalse();
        answer = ActionResult.silent(FakeWorld.TRUNCATED);
        assertThat(faults.isGone(fault, affected)).isFalse();
        assertThat(faults.isObserved(fault, affected)).isFalse();
        answer = ActionResult.refused("1", "");
        assertThat(faults.isGone(fault, affected)).isTrue();
    }
}
