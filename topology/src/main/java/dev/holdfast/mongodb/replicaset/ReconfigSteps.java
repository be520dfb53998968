package dev.holdfast.mongodb.replicaset;

import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.replicaset.ReconfigPath.Kind;
import dev.holdfast.mongodb.replicaset.ReconfigPath.Reconfig;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OplogDivergence;
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

/**
 * The members of a set that has a primary, brought to what is declared: every stretch of the {@link ReconfigPath} is one
 * step. A step ends when a majority has its configuration and, after a join, when the new member is at work and votes.
 */
record ReconfigSteps(MongoState state, ReplicaSetState set, NodeState primary) {

    private static final Duration COMMIT = Duration.ofSeconds(90);
    private static final Duration INITIAL_SYNC = Duration.ofHours(12);

    List<Step> steps() {
        MongoDocument config = primary.reply().config();
        List<Reconfig> way = ReconfigPath.from(
                ReplicaSetConfig.of(config),
                WriteConcernModes.of(config).isServedBy(desired()) ? desired() : withObservedTags(config),
                ReconfigPath.dead(set.status()),
                primary.node().endpoint());
        List<Step> steps = new ArrayList<>();
        long version = config.number("version");
        for (Reconfig stretch : way) {
            // a join makes the set write one more version by itself, when the new member is given its vote
            version += stretch.kind() == Kind.STEP_DOWN ? 0 : 1 + joinsBefore(way, stretch);
            steps.add(step(stretch, config, version));
        }
        return steps;
    }

    /** What is declared, but for members that a failover gave up or whose data differs: a rejoin brings those back. */
    private ReplicaSetConfig desired() {
        List<String> fenced = set.members().stream()
                .filter(NodeState::isFenced)
                .map(n -> n.node().endpoint())
                .toList();
        ReplicaSetConfig declared = ReplicaSetConfig.of(set.desired());
        List<String> emptied = EmptyMembers.voters(set);
        List<String> parted =
                set.partings().stream().map(p -> p.member().endpoint()).toList();
        return declared.with(declared.members().stream()
                .filter(m -> !fenced.contains(m.host()) && !emptied.contains(m.host()))
                .filter(m -> !parted.contains(m.host()))
                .map(m -> isCopying(m) ? m.mute() : m)
                .toList());
    }

    /** It has no vote yet and gets it when it has all data: MongoDB itself waits only for members that are new. */
    private boolean isCopying(MemberShape declared) {
        boolean isMute = primary.reply().config().docs("members").stream()
                .anyMatch(m -> m.text("host").equals(declared.host()) && m.number("votes") == 0);
        long state = set.status().docs("members").stream()
                .filter(m -> m.text("name").equals(declared.host()))
                .mapToLong(m -> m.number("state"))
                .findFirst()
                .orElse(0);
        return isMute && declared.votes() > 0 && !declared.arbiter() && state != 1 && state != 2;
    }

    /** Members that would roll back changes when they join again. */
    List<Refusal> parted() {
        String lane = state.lane(set);
        return set.partings().stream()
                .filter(p -> !isStartedFirst(p))
                .map(p -> new Refusal(
                        p.member().id(),
                        p.description()
                                + (p.isRead() ? ": it is not added to " + lane + ", and rolls nothing back" : ""),
                        p.hint(lane),
                        p.isRead() ? ExitCode.WOULD_LOSE_DATA : ExitCode.UNREACHABLE))
                .toList();
    }

    /** What the plan cannot know yet: a member that is down is compared only once it runs. */
    List<String> comparedLater() {
        return set.partings().stream()
                .filter(this::isStartedFirst)
                .map(p -> p.member().id() + " holds data from before: once it runs, its oplog is compared with that of "
                        + p.primary().name() + ", and it is added to " + set.name()
                        + " when it has no changes of its own")
                .toList();
    }

    private boolean isStartedFirst(OplogDivergence parting) {
        return !parting.isRead()
                && set.members().stream()
                        .anyMatch(m -> m.node().equals(parting.member()) && m.state() == NodeAvailability.DOWN);
    }

    /** What the server would refuse: tags that a write concern mode needs; all other differences are still planned. */
    Optional<Refusal> refused() {
        WriteConcernModes modes = WriteConcernModes.of(primary.reply().config());
        return modes.isServedBy(desired())
                ? Optional.empty()
                : Optional.of(new Refusal(
                        state.lane(set),
                        modes.sentence(desired()) + "; the tags of the members are left as they are",
                        "declare the tags: " + modes.tagsIn(primary.reply().config())
                                + ", or take the mode out of settings.getLastErrorModes with rs.reconfig()"));
    }

    private ReplicaSetConfig withObservedTags(MongoDocument config) {
        Map<String, Map<String, String>> tags = new LinkedHashMap<>();
        ReplicaSetConfig.of(config).members().forEach(m -> tags.put(m.host(), m.tags()));
        ReplicaSetConfig declared = desired();
        return declared.with(declared.members().stream()
                .map(m -> m.tagged(tags.getOrDefault(m.host(), m.tags())))
                .toList());
    }

    private static long joinsBefore(List<Reconfig> way, Reconfig stretch) {
        return way.subList(0, way.indexOf(stretch)).stream()
                .filter(s -> s.kind() == Kind.JOIN)
                .count();
    }

    private Step step(Reconfig stretch, MongoDocument config, long version) {
        Credentials admin = state.logins().admin();
        Node at = primary.node();
        Step.Builder draft = Step.on(state.lane(set), title(stretch)).because(because(stretch));
        if (stretch.kind() == Kind.STEP_DOWN) {
            return draft.risk(Risk.PAUSE)
                    .type(AdminCommands.stepDown(at, admin))
                    .until(ClusterConditions.elected(set.desired(), at), COMMIT);
        }
        draft.type(AdminCommands.reconfig(at, admin, stretch.shape().over(config, version)));
        Condition configured = ClusterConditions.configured(at, admin, stretch.shape());
        return stretch.kind() == Kind.JOIN
                ? draft.until(joined(at, admin, configured, stretch.member()), INITIAL_SYNC)
                : draft.until(configured, COMMIT);
    }

    private String because(Reconfig stretch) {
        return stretch.kind() == Kind.LEAVE && EmptyMembers.voters(set).contains(stretch.member())
                ? "its data directory is empty, and an empty member must not vote; it joins again as a new member"
                : stretch.because();
    }

    private String title(Reconfig stretch) {
        return switch (stretch.kind()) {
            case CHANGE ->
                stretch.member().isEmpty()
                        ? "Reconfigure " + set.name()
                        : "Change the vote of " + stretch.member() + " in " + set.name();
            case JOIN -> "Add " + stretch.member() + " to " + set.name();
            case LEAVE -> "Remove " + stretch.member() + " from " + set.name();
            case STEP_DOWN -> "Have " + stretch.member() + " step down as primary of " + set.name();
        };
    }

    private static Condition joined(Node primary, Credentials login, Condition configured, String member) {
        return new Condition(configured.description() + ", and " + member + " is at work", context -> {
            ProbeResult first = configured.look().at(context);
            if (!first.holds()) {
                return first;
            }
            MongoDocument status = ServerQueries.reply(context, primary, login, "status.json");
            MongoDocument config =
                    ServerQueries.reply(context, primary, login, "config.json").doc("config");
            List<String> lacking = MemberHealth.lacking(status, config).stream()
                    .filter(l -> l.startsWith(member + " ") || l.endsWith("voters vote"))
                    .toList();
            return new ProbeResult(
                    lacking.isEmpty(), lacking.isEmpty() ? first.observed() : String.join("; ", lacking));
        });
    }
}
