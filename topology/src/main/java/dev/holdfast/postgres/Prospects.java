package dev.holdfast.postgres;

/** Who will follow the primary once the steps of earlier acts are done; later acts plan for it. */
final class Prospects {

    private final PostgresCluster cluster;
    private final ConfigurationPlan configuration;

    Prospects(PostgresCluster cluster, ConfigurationPlan configuration) {
        this.cluster = cluster;
        this.configuration = configuration;
    }

    boolean follow(PostgresSeen seen, MemberSeen member) {
        return StandbysPlan.makesFollow(member) || isMended(seen, member);
    }

    /** It runs as a standby, and an earlier act makes its slot or puts its configuration right. */
    boolean isMended(PostgresSeen seen, MemberSeen member) {
        return seen.primary()
                .filter(p -> member.isStandby())
                .filter(p -> !p.server().slots().containsKey(Slots.name(cluster, member.member()))
                        || configuration.isNeeded(member, p))
                .isPresent();
    }
}
