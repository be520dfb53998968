package dev.holdfast.mongodb.replicaset;

import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.replicaset.ReconfigPath.Kind;
import dev.holdfast.mongodb.replicaset.ReconfigPath.Reconfig;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.EmptyVotes;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.state.OplogDivergence.Newest;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.WriteConcernModes;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The steps that change the members of a set with a primary; each configuration of the {@link ReconfigPath} is one step. A
 * step ends when a majority has its configuration and, after a join, when the new member is healthy and votes.
 */
record ReconfigSteps(MongoState state, ReplicaSetState set, NodeState primary) {

    private static final Duration COMMIT = Duration.ofSeconds(90);
    private static final Duration INITIAL_SYNC = Duration.ofHours(12);
    private static final Duration TAKEOVER = Duration.ofMinutes(5);

    List<Step> steps() {
        MongoDocument config = primary.reply().config();
        List<Reconfig> way = ReconfigPath.from(
                ReplicaSetConfig.of(config),
                WriteConcernModes.of(config).isServedBy(desired()) ? desired() : withObservedTags(config),
                ReconfigPath.unreachable(set.status()),
                primary.node().endpoint());
        List<Step> steps = new ArrayList<>();
        long version = config.number("version");
        for (Reconfig reconfig : way) {
            // after a join the set writes one more version itself, when the new member gets its vote
            version += reconfig.kind() == Kind.STEP_DOWN ? 0 : 1 + joinsBefore(way, reconfig);
            steps.add(step(reconfig, config, version));
        }
        return steps;
    }

    /** Returns the declared members without those that a failover left behind or whose data diverged; they need a rejoin. */
    private ReplicaSetConfig desired() {
        List<String> fenced = set.members().stream()
                .filter(NodeState::isFenced)
                .map(n -> n.node().endpoint())
                .toList();
        ReplicaSetConfig declared = ReplicaSetConfig.of(set.desired());
        List<String> emptied = EmptyMembers.voters(set);
        List<String> doubted =
                EmptyVotes.doubted(set).stream().map(n -> n.node().endpoint()).toList();
        List<String> copying = EmptyVotes.copyingVoters(set).stream()
                .map(n -> n.node().endpoint())
                .toList();
        List<String> parted =
                set.divergences().stream().map(p -> p.member().endpoint()).toList();
        return declared.with(declared.members().stream()
                .filter(m -> !fenced.contains(m.host()) && !emptied.contains(m.host()))
                .filter(m -> !parted.contains(m.host()) && !doubted.contains(m.host()))
                // without the vote of a member that has no data, a primary that needs it would step down
                .map(m -> isCopying(m) || doubted.isEmpty() && copying.contains(m.host()) ? m.withoutVote() : m)
                .toList());
    }

    /** Returns whether a member gets its vote only when it has all data: MongoDB itself waits only for new members. */
    private boolean isCopying(MemberShape declared) {
        boolean hasNoVote = primary.reply().config().docs("members").stream()
                .anyMatch(m -> m.text("host").equals(declared.host()) && m.number("votes") == 0);
        long state = set.status().docs("members").stream()
                .filter(m -> m.text("name").equals(declared.host()))
                .mapToLong(m -> m.number("state"))
                .findFirst()
                .orElse(0);
        return hasNoVote && declared.votes() > 0 && !declared.arbiter() && state != 1 && state != 2;
    }

    /** Returns members that would roll back changes when they join the set. */
    List<Refusal> parted() {
        String lane = state.lane(set);
        return set.divergences().stream()
                .filter(p -> !isStopped(p, NodeState::isBroken)) // only rejoin continues with such a member
                .filter(p -> !isStartedFirst(p))
                .map(p -> new Refusal(
                        p.member().id(),
                        p.description()
                                + (p.isRead()
                                        ? ": Holdfast does not add the member to " + lane
                                                + ", so that it rolls nothing back"
                                        : ""),
                        p.hint(lane),
                        p.isRead() ? ExitCode.WOULD_LOSE_DATA : ExitCode.UNREACHABLE))
                .toList();
    }

    /** Returns what the plan cannot know yet: the oplog of a stopped member is compared only when it runs. */
    List<String> comparedLater() {
        return set.divergences().stream()
                .filter(this::isStartedFirst)
                .map(p -> p.member().id()
                        + " has old data: Holdfast starts the member and compares its oplog with that of "
                        + p.primary().name() + ". Without changes of its own, the member joins " + set.name())
                .toList();
    }

    private boolean isStartedFirst(OplogDivergence divergence) {
        return isStopped(divergence, m -> m.state() == NodeAvailability.DOWN && !m.isBroken());
    }

    private boolean isStopped(OplogDivergence divergence, Predicate<NodeState> how) {
        return !divergence.isRead()
                && set.members().stream().anyMatch(m -> m.node().equals(divergence.member()) && how.test(m));
    }

    /** Refuses tags that would break a write concern mode, as the server does. All other differences are still planned. */
    Optional<Refusal> refused() {
        WriteConcernModes modes = WriteConcernModes.of(primary.reply().config());
        return modes.isServedBy(desired())
                ? Optional.empty()
                : Optional.of(new Refusal(
                        state.lane(set),
                        modes.sentence(desired()) + "; the tags of the members stay unchanged",
                        "declare the tags: " + modes.tagsIn(primary.reply().config())
                                + ", or remove the mode from settings.getLastErrorModes with rs.reconfig()"));
    }

    private ReplicaSetConfig withObservedTags(MongoDocument config) {
        Map<String, Map<String, String>> tags = new LinkedHashMap<>();
        ReplicaSetConfig.of(config).members().forEach(m -> tags.put(m.host(), m.tags()));
        ReplicaSetConfig declared = desired();
        return declared.with(declared.members().stream()
                .map(m -> m.tagged(tags.getOrDefault(m.host(), m.tags())))
                .toList());
    }

    private static long joinsBefore(List<Reconfig> way, Reconfig reconfig) {
        return way.subList(0, way.indexOf(reconfig)).stream()
                .filter(s -> s.kind() == Kind.JOIN)
                .count();
    }

    private Step step(Reconfig reconfig, MongoDocument config, long version) {
        Credentials admin = state.credentials().admin();
        Node at = primary.node();
        Step.Builder clusterConfig = Step.on(state.lane(set), title(reconfig)).because(because(reconfig));
        if (reconfig.kind() == Kind.STEP_DOWN) {
            return clusterConfig
                    .risk(Risk.PAUSE)
                    .type(AdminCommands.stepDown(at, admin))
                    .until(ClusterConditions.elected(set.desired(), at), COMMIT);
        }
        clusterConfig.type(AdminCommands.reconfig(at, admin, reconfig.shape().over(config, version)));
        if (reconfig.kind() == Kind.TAKEOVER) {
            return clusterConfig.risk(Risk.PAUSE).until(takenOver(preferred(reconfig)), TAKEOVER);
        }
        Condition configured = ClusterConditions.configured(at, admin, reconfig.shape());
        return reconfig.kind() == Kind.JOIN
                ? clusterConfig.until(joined(admin, configured, reconfig.member()), INITIAL_SYNC)
                : clusterConfig.until(configured, COMMIT);
    }

    private List<String> preferred(Reconfig reconfig) {
        return ReconfigPath.preferred(reconfig.shape(), ReconfigPath.unreachable(set.status()));
    }

    /** MongoDB elects the member when it has all writes, some election timeouts after the configuration. */
    private Condition takenOver(List<String> preferred) {
        return new Condition(
                String.join(" or ", preferred) + " is primary of " + set.name(),
                context -> ClusterConditions.primary(context, set.desired())
                        .map(p -> new ProbeResult(preferred.contains(p.endpoint()), p.id() + " is primary"))
                        .orElse(Condition.notYet("none is primary")));
    }

    private String because(Reconfig reconfig) {
        if (reconfig.kind() == Kind.TAKEOVER) {
            return reconfig.because() + "; MongoDB then elects " + String.join(" or ", preferred(reconfig))
                    + " (one election)";
        }
        boolean isDoubted = EmptyVotes.doubted(set).stream()
                .anyMatch(n -> n.node().endpoint().equals(reconfig.member()));
        if (reconfig.kind() == Kind.LEAVE && isDoubted) {
            return "a voter copied its data after this member had stopped, so this member can have acknowledged writes "
                    + "that the primary lacks; outside the configuration, the member rolls nothing back";
        }
        return reconfig.kind() == Kind.LEAVE && EmptyMembers.voters(set).contains(reconfig.member())
                ? "the data directory is empty, and an empty member must not vote; the member joins again as a new one"
                : reconfig.because();
    }

    private String title(Reconfig reconfig) {
        return switch (reconfig.kind()) {
            case TAKEOVER -> "Change the priorities of " + set.name();
            case CHANGE ->
                reconfig.member().isEmpty()
                        ? "Reconfigure " + set.name()
                        : "Change the vote of " + reconfig.member() + " in " + set.name();
            case JOIN -> "Add " + reconfig.member() + " to " + set.name();
            case LEAVE -> "Remove " + reconfig.member() + " from " + set.name();
            case STEP_DOWN -> "Step down " + reconfig.member() + " as primary of " + set.name();
        };
    }

    /** Also holds if the process of the member has ended: the next steps are then planned from that state. */
    private Condition joined(Credentials login, Condition configured, String member) {
        Node at = primary.node();
        return new Condition(configured.description() + ", and " + member + " is healthy", context -> {
            ProbeResult first = configured.look().at(context);
            if (!first.holds()) {
                return first;
            }
            MongoDocument status = ServerQueries.reply(context, at, login, "status.json");
            MongoDocument config =
                    ServerQueries.reply(context, at, login, "config.json").doc("config");
            List<String> lacking = MemberHealth.lacking(status, config).stream()
                    .filter(l -> l.startsWith(member + " ") || l.endsWith("voters vote"))
                    .toList();
            if (!lacking.isEmpty()) {
                boolean isGone = isUnreached(status, member) && hasEnded(context, member);
                return new ProbeResult(isGone, isGone ? "the process has ended" : String.join("; ", lacking));
            }
            // a member is healthy for a moment before its rollback
            return switch (newest(context, login, member)) {
                case SHARED -> Condition.holds(first.observed());
                case MISSING -> Condition.notYet("the primary lacks the last operation of " + member);
                case HIDDEN -> Condition.notYet(member + " has other operations with the same times");
            };
        });
    }

    private Newest newest(ExecutionContext context, Credentials login, String member) {
        return set.desired().members().stream()
                .filter(m -> m.node().endpoint().equals(member) && !m.arbiter())
                .findFirst()
                .map(m -> OplogDivergence.newest(context, m.node(), primary.node(), login))
                .orElse(Newest.SHARED);
    }

    private static boolean isUnreached(MongoDocument status, String member) {
        return status.docs("members").stream().anyMatch(m -> m.text("name").equals(member) && m.number("health") == 0);
    }

    private boolean hasEnded(ExecutionContext context, String member) {
        return set.desired().nodes().stream()
                .filter(n -> n.endpoint().equals(member))
                .anyMatch(n -> ClusterConditions.down(state.estate(), n)
                        .look()
                        .at(context)
                        .holds());
    }
}
