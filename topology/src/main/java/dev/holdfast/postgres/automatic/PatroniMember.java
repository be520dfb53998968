package dev.holdfast.postgres.automatic;

import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.automatic.AutomaticRecords.Agent;
import dev.holdfast.postgres.automatic.AutomaticRecords.Dynamic;
import dev.holdfast.postgres.automatic.AutomaticRecords.Flag;
import dev.holdfast.postgres.automatic.AutomaticRecords.Line;
import dev.holdfast.postgres.automatic.AutomaticRecords.Mute;
import dev.holdfast.postgres.automatic.AutomaticRecords.Process;
import dev.holdfast.postgres.automatic.AutomaticRecords.Rest;
import dev.holdfast.postgres.automatic.AutomaticRecords.Unread;
import dev.holdfast.postgres.automatic.AutomaticRecords.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The observed state of one member's Patroni: {@code patroni/look.sh}.
 *
 * @param trouble why its host gave no answer; empty when it did
 * @param isConfigured whether its configuration is there
 * @param lines its configuration, without passwords
 * @param isUnread whether the configuration is newer than the time at which Patroni read it
 * @param rest its own answer; empty when it gave none
 * @param views the members, as it sees the cluster
 * @param dynamic the dynamic settings, by key
 * @param restFailure why its REST API gave no answer; empty when it did
 */
record PatroniMember(
        Node node,
        String trouble,
        boolean isConfigured,
        boolean isRunning,
        List<String> lines,
        boolean isUnread,
        Optional<Rest> rest,
        List<View> views,
        Map<String, String> dynamic,
        String restFailure) {

    static PatroniMember of(Node node, ScriptAnswer answer) {
        String id = node.id();
        Optional<Agent> agent = answer.first(Agent.class, a -> a.id().equals(id));
        Map<String, String> dynamic = new LinkedHashMap<>();
        answer.all(Dynamic.class, d -> d.id().equals(id)).forEach(d -> dynamic.put(d.key(), d.value()));
        return new PatroniMember(
                node,
                answer.isOk() ? "" : answer.sentence(),
                agent.isPresent(),
                agent.filter(a -> a.process() == Process.UP).isPresent(),
                answer.all(Line.class, l -> l.id().equals(id)).stream()
                        .map(Line::text)
                        .toList(),
                answer.first(Unread.class, u -> u.id().equals(id)).isPresent(),
                answer.first(Rest.class, r -> r.id().equals(id)),
                answer.all(View.class, v -> v.id().equals(id)),
                dynamic,
                answer.first(Mute.class, m -> m.id().equals(id))
                        .map(Mute::reason)
                        .orElse(""));
    }

    boolean isReachable() {
        return trouble.isEmpty();
    }

    boolean isPaused() {
        return rest.filter(r -> r.paused() == Flag.YES).isPresent();
    }

    boolean isPending() {
        return rest.filter(r -> r.pending() == Flag.YES).isPresent();
    }

    /** Returns whether its server runs, by its own answer. */
    boolean isServing() {
        return rest.filter(r ->
                        List.of("running", "streaming", "in archive recovery").contains(r.state()))
                .isPresent();
    }
}
