package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.automatic.AutomaticRecords.Born;
import dev.holdfast.postgres.automatic.AutomaticRecords.Closed;
import dev.holdfast.postgres.automatic.AutomaticRecords.Edited;
import dev.holdfast.postgres.automatic.AutomaticRecords.Inputs;
import dev.holdfast.postgres.automatic.AutomaticRecords.Silent;
import dev.holdfast.postgres.automatic.AutomaticRecords.Stale;
import dev.holdfast.postgres.automatic.AutomaticRecords.Status;
import java.util.Optional;

/**
 * The observed state of one etcd server, from its host: {@code etcd/look.sh}.
 *
 * @param inputs the inputs of its present configuration; empty without one
 * @param isEdited whether its configuration was changed manually
 * @param isStale whether its configuration is newer than its process
 * @param closed a directory that etcd's user has no access to; empty when there is none
 * @param isBorn whether its data directory holds a member of a cluster
 * @param status its own answer; empty when it gave none
 * @param silence why it gave no answer; empty when it did
 */
record EtcdMember(
        Node node,
        HostFacts hostFacts,
        String inputs,
        boolean isEdited,
        boolean isStale,
        String closed,
        boolean isBorn,
        Optional<Status> status,
        String silence) {

    static EtcdMember of(Node node, HostFacts hostFacts, ScriptAnswer answer) {
        String id = node.id();
        return new EtcdMember(
                node,
                hostFacts.confirmedBy(answer.result()),
                answer.first(Inputs.class, i -> i.id().equals(id))
                        .map(Inputs::text)
                        .orElse(""),
                answer.first(Edited.class, e -> e.id().equals(id)).isPresent(),
                answer.first(Stale.class, s -> s.id().equals(id)).isPresent(),
                answer.first(Closed.class, c -> c.id().equals(id))
                        .map(Closed::folder)
                        .orElse(""),
                answer.first(Born.class, b -> b.id().equals(id)).isPresent(),
                answer.first(Status.class, s -> s.id().equals(id)),
                answer.first(Silent.class, s -> s.id().equals(id))
                        .map(Silent::reason)
                        .orElse(""));
    }

    boolean isHealthy() {
        return status.filter(Status::hasLeader).isPresent();
    }

    NodeAvailability availability() {
        return hostFacts.isUp() && status.isEmpty() ? NodeAvailability.SILENT : hostFacts.process();
    }

    /** Returns why it does not answer; empty when it does, or when its process is known to be gone. */
    String reason() {
        return hostFacts.reason().isEmpty() ? silence : hostFacts.reason();
    }
}
