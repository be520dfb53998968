package dev.holdfast.postgres.provision;

import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.ReplicationSlots;

/** The members that will follow the primary after the steps of earlier stages; later stages plan for them. */
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

    /** Returns whether a member runs as a standby, and an earlier stage creates its slot or updates its configuration. */
    boolean isRepaired(PostgresState state, MemberState member) {
        return state.primary()
                .filter(p -> member.isStandby())
                .filter(p -> !p.server().slots().containsKey(ReplicationSlots.name(cluster, member.member()))
                        || configuration.isNeeded(member, p))
                .isPresent();
    }
}
