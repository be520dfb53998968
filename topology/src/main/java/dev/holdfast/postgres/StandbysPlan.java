package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The act that makes members follow the primary: those without a database are cloned, those that are stopped started. */
final class StandbysPlan {

    private static final Duration START = Duration.ofMinutes(5);

    private final PostgresCluster cluster;
    private final Typing typing;
    private final Until until;

    StandbysPlan(PostgresCluster cluster, Typing typing, Until until) {
        this.cluster = cluster;
        this.typing = typing;
        this.until = until;
    }

    /** This act makes it follow. */
    static boolean makesFollow(MemberSeen member) {
        return !member.isOutOfReach() && member.isDown() && !member.wasPrimary();
    }

    Plan plan(PostgresSeen seen) {
        if (seen.leader().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberSeen primary = seen.leader().get();
        List<Step> steps = new ArrayList<>();
        seen.others().filter(StandbysPlan::makesFollow).forEach(m -> {
            if (!m.hasDatabase()) {
                steps.add(cloned(m, primary, seen.major()));
            }
            steps.add(started(m, primary, seen.major()));
        });
        return Plan.of(steps);
    }

    private Step cloned(MemberSeen member, MemberSeen primary, int major) {
        Node node = member.node();
        return Step.on(node.id(), "Clone " + primary.name() + " to " + member.name())
                .because(member.name() + " has no database yet")
                .type(
                        typing.ground(node),
                        typing.configure(member.member(), part(member, primary)),
                        typing.clone(member, primary.node(), major))
                .until(until.hasDatabase(node), Typing.CLONING);
    }

    private Step started(MemberSeen member, MemberSeen primary, int major) {
        return Step.on(member.node().id(), "Start " + member.name() + " as standby of " + primary.name())
                .because(member.hasDatabase() ? "it is stopped" : "nothing runs there yet")
                .type(typing.configure(member.member(), part(member, primary)), typing.start(member, major))
                .until(until.follows(primary.node(), member.member()), START);
    }

    private Map<String, String> part(MemberSeen member, MemberSeen primary) {
        return ServerSettings.ofStandby(cluster, member.member(), primary.node());
    }
}
