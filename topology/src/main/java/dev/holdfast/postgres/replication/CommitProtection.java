package dev.holdfast.postgres.replication;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.state.SynchronousStandbyNames;
import dev.holdfast.postgres.topology.AfterFailover;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The decision table for commits on a primary while some synchronous standbys may be lost: commits wait, or fewer standbys
 * acknowledge them. The failure simulator, the failover decision, {@code plan} and {@code status} all use this table.
 *
 * @param primary name of the primary, or of the member to promote
 * @param following names of the synchronous standbys that follow it
 */
public record CommitProtection(PostgresCluster cluster, String primary, List<String> following) {

    /** The behavior of commits. */
    public enum Way {
        /** No synchronous standby is declared. */
        UNPROTECTED,
        /** Commits wait for the declared number of standbys. */
        COVERED,
        /** Commits are acknowledged with fewer standbys than declared. */
        SERVES,
        /** Commits wait until the declared number of standbys follow. */
        WAITS
    }

    public static final List<DecisionRule<CommitProtection, Way>> TABLE = List.of(
            new DecisionRule<>(
                    DecisionCode.PROTECTION_NOT_DECLARED,
                    "commits wait for no standby",
                    p -> p.cluster.durability() == Durability.FAST || p.desired() == 0,
                    p -> Way.UNPROTECTED,
                    p -> p.primary + " acknowledges commits without a standby, as declared"),
            new DecisionRule<>(
                    DecisionCode.PROTECTION_COMPLETE,
                    "as many synchronous standbys follow as commits wait for",
                    p -> p.following.size() >= p.desired(),
                    p -> Way.COVERED,
                    p -> String.join(", ", p.following) + " will follow " + p.primary),
            new DecisionRule<>(
                    DecisionCode.DURABILITY_AVAILABLE,
                    "durability is available",
                    p -> p.cluster.durability() == Durability.AVAILABLE,
                    p -> Way.SERVES,
                    p -> p.serves("durability: available")),
            new DecisionRule<>(
                    DecisionCode.AFTER_FAILOVER_SERVE,
                    "durability is protect, and afterFailover is serve",
                    p -> p.cluster.afterFailover() == AfterFailover.SERVE,
                    p -> Way.SERVES,
                    p -> p.serves("afterFailover: serve")),
            new DecisionRule<>(
                    DecisionCode.AFTER_FAILOVER_WAIT,
                    "otherwise",
                    p -> true,
                    p -> Way.WAITS,
                    p -> "Commits on " + p.primary + " wait until " + p.lacking() + " (afterFailover: wait)"));

    public Decision<Way> decision() {
        return DecisionRule.decide(TABLE, this);
    }

    /** Returns the consequence of a promotion, for the failover decision; empty when commits stay as safe as before. */
    public Optional<String> announced() {
        Decision<Way> decision = decision();
        return decision.then() == Way.SERVES || decision.then() == Way.WAITS
                ? Optional.of(decision.because())
                : Optional.empty();
    }

    /** Returns the value of synchronous_standby_names. */
    public String names() {
        return switch (decision().then()) {
            case UNPROTECTED -> "";
            case COVERED, SERVES -> SynchronousReplication.format(cluster, following);
            case WAITS -> SynchronousReplication.format(cluster, eligible());
        };
    }

    private List<String> eligible() {
        return cluster.members(MemberRole.SYNC)
                .map(m -> m.node().name())
                .filter(n -> !n.equals(primary))
                .toList();
    }

    private int desired() {
        return Math.min(cluster.synchronous().count(), eligible().size());
    }

    private String serves(String declared) {
        return "Until " + lacking() + ", " + primary + " acknowledges commits "
                + (following.isEmpty() ? "without a standby" : "with fewer standbys") + " (" + declared
                + "), and the loss of " + primary + " would lose these commits";
    }

    private String lacking() {
        return desired() == 1
                ? "a synchronous standby follows"
                : desired() + " synchronous standbys follow (" + following.size() + " now)";
    }

    /**
     * Returns the part of a plan that reports commits which are less safe than declared, where no step of the plan changes
     * this.
     *
     * @param willFollow whether an earlier stage of the runbook makes a member follow
     */
    public static Plan open(PostgresState state, Predicate<MemberState> willFollow) {
        if (state.primary().isEmpty() || state.primaries().size() > 1) {
            return Plan.NOTHING;
        }
        MemberState primary = state.primary().get();
        List<MemberState> eligible =
                state.others().filter(m -> m.member().role() == MemberRole.SYNC).toList();
        List<String> following = eligible.stream()
                .filter(m -> !state.isGone(m) || willFollow.test(m))
                .map(MemberState::name)
                .toList();
        CommitProtection now = new CommitProtection(state.cluster(), primary.name(), following);
        if (now.announced().isEmpty()) {
            return Plan.NOTHING;
        }
        String hint = eligible.stream()
                .filter(m -> !following.contains(m.name()))
                .map(CommitProtection::wayBack)
                .findFirst()
                .orElse("run holdfast apply");
        return Plan.open(
                List.of(new Refusal(primary.node().id(), now.sentence(primary.server()), hint, ExitCode.INCOMPLETE)));
    }

    /** Describes the behavior of the running server, by its own settings. */
    private String sentence(ServerState server) {
        long inSync = SynchronousStandbyNames.inSync(server);
        String count = inSync + " of " + desired() + " synchronous standbys "
                + (desired() == 1 ? "is in sync: " : "are in sync: ");
        return SynchronousStandbyNames.count(server.synchronousNames()) > inSync
                ? count + "commits on " + primary + " wait"
                : count + primary + " acknowledges commits without " + (inSync == 0 ? "one" : "the others")
                        + ", and if " + primary + " is lost, these commits are lost";
    }

    private static String wayBack(MemberState member) {
        String rejoin = "holdfast rejoin " + member.node().id();
        if (member.isOutOfReach()) {
            return "make the host " + member.node().host().name() + " answer, then run " + rejoin;
        }
        if (!member.isUp() && !member.isDown()) {
            return "make " + member.name() + " answer: " + member.silence();
        }
        boolean isLeftBehind = member.disk().fence().isPresent() || member.wasPrimary() || member.isUp();
        return isLeftBehind ? rejoin : "holdfast apply";
    }
}
