package dev.holdfast.postgres.provision;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.ReplicationSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Objects that exist but are not declared; apply does not change them. */
final class UndeclaredObjects {

    private static final Set<String> VISITORS = Set.of("pg_basebackup", "pg_receivewal", "pgbackrest");

    private final PostgresCluster cluster;

    UndeclaredObjects(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    List<String> notes(PostgresState state) {
        List<String> notes = new ArrayList<>();
        state.primary().ifPresent(primary -> {
            Node declared = cluster.declaredPrimary().node();
            if (!primary.node().equals(declared)) {
                notes.add(primary.name() + " is primary and " + declared.name()
                        + " is declared; apply never moves the primary, holdfast switchover " + cluster.name()
                        + " --to "
                        + declared.name() + " does");
            }
            List<String> roles = primary.server().undeclaredRoles();
            if (!roles.isEmpty()) {
                notes.add("roles that may log in and are not declared: " + String.join(", ", roles)
                        + "; Holdfast never drops a role");
            }
            followers(primary)
                    .forEach(f ->
                            notes.add(f + " receives WAL from " + primary.name() + " and is not a declared member"));
        });
        return notes;
    }

    /** Returns differences that the operator must judge: another program may still need such a slot. */
    List<Refusal> open(PostgresState state) {
        return state.primary().stream()
                .flatMap(p -> state.members().stream()
                        .filter(MemberState::isUp)
                        .flatMap(m -> slots(m).stream().map(s -> open(m, s))))
                .toList();
    }

    private static Refusal open(MemberState member, String slot) {
        return new Refusal(
                member.node().id(),
                "the slot " + slot + " on " + member.name() + " retains WAL, and no program uses the slot",
                "if no program needs the slot, drop it on " + member.name() + ": SELECT pg_drop_replication_slot('"
                        + slot + "')",
                ExitCode.INCOMPLETE);
    }

    private Set<String> followers(MemberState primary) {
        Set<String> members = cluster.servers().stream().map(Node::name).collect(Collectors.toSet());
        return primary.server().followers().keySet().stream()
                .filter(f -> !members.contains(f) && !VISITORS.contains(f))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns unused slots that belong to no member; {@link StaleSlotPlanner} drops the unused slots of members. */
    private Set<String> slots(MemberState member) {
        Set<String> known = cluster.members().stream()
                .map(m -> ReplicationSlots.name(cluster, m))
                .collect(Collectors.toSet());
        return member.server().slots().entrySet().stream()
                .filter(s -> !known.contains(s.getKey())
                        && !s.getValue().getOrDefault("active", "").equals("true"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
