package dev.holdfast.postgres.topology;

import dev.holdfast.postgres.topology.PostgresCluster.Member;
import java.util.List;
import java.util.Locale;

/** The names of replication slots: one for every member, on the current primary. */
public final class ReplicationSlots {

    private static final int LONGEST = 60;

    private ReplicationSlots() {}

    /** Returns the member's name, with characters replaced that slot names do not allow; unique in the cluster. */
    public static String name(PostgresCluster cluster, Member member) {
        String plain = plain(member);
        List<Member> alike =
                cluster.members().stream().filter(m -> plain(m).equals(plain)).toList();
        int place = alike.indexOf(member);
        return place <= 0 ? plain : plain + "_" + (place + 1);
    }

    private static String plain(Member member) {
        String name = member.node().name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }
}
