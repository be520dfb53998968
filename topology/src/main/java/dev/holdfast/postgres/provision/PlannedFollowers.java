package dev.holdfast.postgres.provision;

import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.ReplicationSlots;

/** Who will follow the primary once the steps of earlier acts are done; later acts plan for it. */
public final class PlannedFollowers {

    private final PostgresCluster cluster;
    private final ConfigurationPlanner configuration;

    public PlannedFollowers(PostgresCluster cluster, ConfigurationPlanner configuration) {
        this.cluster = cluster;
        this.configuration = configuration;
    }

    public boolean follow(PostgresState state, MemberState member) {
        return member.isMadeToFollow() || isRepaired(state, member);
    }

    /** It runs as a standby, and an earlier act makes its slot or puts its configuration right. */
    boolean isRepaired(PostgresState state, MemberState member) {
        return state.primary()
                .filter(p -> member.isStandby())
                .filter(p -> !p.server().slots().containsKey(ReplicationSlots.name(cluster, member.member()))
                        || configuration.isNeeded(member, p))
                .isPresent();
    }
}
