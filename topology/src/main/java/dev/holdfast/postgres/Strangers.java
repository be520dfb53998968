package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is there though nobody declared it; told, and left to people. */
final class Strangers {

    private static final Set<String> VISITORS = Set.of("pg_basebackup", "pg_receivewal", "pgbackrest");

    private final PostgresCluster cluster;

    Strangers(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    List<String> notes(PostgresSeen seen) {
        List<String> notes = new ArrayList<>();
        seen.primary().ifPresent(primary -> {
            Node declared = cluster.declaredPrimary().node();
            if (!primary.node().equals(declared)) {
                notes.add(primary.name() + " is primary and " + declared.name()
                        + " is declared; apply never moves it, holdfast switchover does");
            }
            followers(primary)
                    .forEach(f ->
                            notes.add(f + " receives the log of " + primary.name() + " and is no declared member"));
            seen.members().stream()
                    .filter(MemberSeen::isUp)
                    .forEach(m -> slots(m, m.node().equals(primary.node())).forEach(s -> notes.add(told(m, s))));
        });
        return notes;
    }

    private static String told(MemberSeen member, String slot) {
        return "the slot " + slot + " on " + member.name()
                + " keeps log for nobody; drop it with SELECT pg_drop_replication_slot('" + slot + "')";
    }

    private Set<String> followers(MemberSeen primary) {
        Set<String> members = cluster.servers().stream().map(Node::name).collect(Collectors.toSet());
        return primary.server().followers().keySet().stream()
                .filter(f -> !members.contains(f) && !VISITORS.contains(f))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Slots that nobody uses: on the primary those of no other member, on a standby all. */
    private Set<String> slots(MemberSeen member, boolean isPrimary) {
        Set<String> known = cluster.members().stream()
                .filter(m -> isPrimary && !m.node().equals(member.node()))
                .map(m -> Slots.name(cluster, m))
                .collect(Collectors.toSet());
        return member.server().slots().entrySet().stream()
                .filter(s -> !known.contains(s.getKey())
                        && !s.getValue().getOrDefault("active", "").equals("true"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
