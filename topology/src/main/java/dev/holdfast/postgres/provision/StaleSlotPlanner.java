package dev.holdfast.postgres.provision;

import dev.holdfast.execution.Action;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.ReplicationSlots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The stage that drops replication slots which no member uses after a role change, because they would retain WAL forever. */
public final class StaleSlotPlanner {

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final RoleChangeActions serverActions;
    private final RoleChangeConditions until;

    public StaleSlotPlanner(PostgresCluster cluster, RoleChangeActions actions, RoleChangeConditions until) {
        this.cluster = cluster;
        this.serverActions = actions;
        this.until = until;
    }

    public Plan plan(PostgresState state) {
        List<Step> steps = new ArrayList<>();
        state.members().stream().filter(MemberState::isUp).forEach(m -> {
            List<String> stale = stale(m);
            if (!stale.isEmpty()) {
                steps.add(dropped(m, stale));
            }
        });
        return Plan.of(steps);
    }

    /** Plans the removal of slots from an abandoned role change; without a primary, a role change may be in progress. */
    Plan withoutRoleChange(PostgresState state) {
        return state.primary().isPresent() ? plan(state) : Plan.NOTHING;
    }

    /** Returns the stale slots: on a standby, the slots of all members; on the primary, its own slot. */
    private List<String> stale(MemberState member) {
        return cluster.members().stream()
                .filter(m -> member.isStandby() || m.node().equals(member.node()))
                .map(m -> ReplicationSlots.name(cluster, m))
                .filter(s -> isUnused(member.server(), s))
                .toList();
    }

    private static boolean isUnused(ServerState server, String slot) {
        return server.slots().containsKey(slot)
                && !server.slots().get(slot).getOrDefault("active", "").equals("true");
    }

    private Step dropped(MemberState member, List<String> stale) {
        Node node = member.node();
        List<Action> actions =
                stale.stream().map(s -> serverActions.dropSlot(node, s)).toList();
        return Step.on(node.id(), "Drop the slots " + String.join(", ", stale) + " on " + node.name())
                .because("no member uses these slots there, and they retain WAL")
                .type(actions)
                .until(
                        until.server(
                                node,
                                "no unused slot of a member is on " + node.name(),
                                // a member that Holdfast cannot reach can still connect here, and then uses its slot
                                s -> stale.stream().noneMatch(n -> isUnused(s, n)),
                                s -> "slots: " + s.slots().keySet()),
                        MOMENT);
    }
}
