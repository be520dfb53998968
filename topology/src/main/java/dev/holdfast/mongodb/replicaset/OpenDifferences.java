package dev.holdfast.mongodb.replicaset;

import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * Differences that no step of apply changes, each with the command that ends it: fenced members, missing members, draining
 * shards, several versions of servers, and feature compatibility versions.
 */
public final class OpenDifferences {

    private OpenDifferences() {}

    public static Plan plan(MongoState state) {
        List<Refusal> open = new ArrayList<>();
        state.servers().filter(NodeState::isFenced).forEach(n -> open.add(fenced(n)));
        state.sets().forEach(s -> s.unaware().forEach(n -> open.add(unaware(state, s, n))));
        if (state.cluster().isSharded() && state.controlSet().primary().isPresent()) {
            state.sharding().shards().stream()
                    .filter(s -> s.is("draining"))
                    .forEach(s -> open.add(draining(state, s.text("_id"))));
        }
        ServerVersions.mixed(state).ifPresent(open::add);
        open.addAll(ServerVersions.undeclared(state));
        open.addAll(CompatibilityVersions.open(state));
        return new Plan(
                List.of(),
                List.of(),
                CompatibilityVersions.unfinished(state).stream().toList(),
                List.of(),
                open);
    }

    /** Returns declared members that are missing in a set with a primary: the set tolerates fewer losses than declared. */
    public static List<Refusal> leftOut(MongoState state, ReplicaSetState set) {
        if (set.primary().isEmpty()) {
            return List.of();
        }
        List<Refusal> open = new ArrayList<>();
        List<MemberShape> configured = ReplicaSetConfig.of(set.config()).members();
        for (NodeState member : set.members()) {
            boolean isConfigured = configured.stream()
                    .anyMatch(m -> m.host().equals(member.node().endpoint()));
            if (member.isFenced()) {
                open.add(fenced(member));
            } else if (!isConfigured) {
                open.add(new Refusal(
                        member.node().id(),
                        "the member is not in the configuration of " + state.lane(set) + ", which has "
                                + configured.size() + " of " + set.members().size() + " declared members",
                        "holdfast apply",
                        ExitCode.INCOMPLETE));
            }
        }
        return open;
    }

    private static Refusal draining(MongoState state, String shard) {
        boolean isDeclared = state.shards().stream().anyMatch(s -> s.name().equals(shard));
        return new Refusal(
                state.cluster().name(),
                "shard " + shard + " is being drained",
                isDeclared
                        ? "end the draining on a router: db.getSiblingDB(\"config\").shards.updateOne({ _id: \"" + shard
                                + "\" }, { $unset: { draining: 1 } }); or wait until its chunks have moved, and remove"
                                + " the shard from the topology"
                        : "wait until its chunks have moved; holdfast status reports it until then",
                ExitCode.INCOMPLETE);
    }

    private static Refusal unaware(MongoState state, ReplicaSetState set, NodeState member) {
        return new Refusal(
                member.node().id(),
                "the member was given up and has not shown that it knows the forced configuration of " + state.lane(set)
                        + ": it can be primary of the former one, and its oplog is not compared. Until then, apply changes"
                        + " no member of " + state.lane(set),
                "make the member answer, then holdfast apply; if its host is lost for good, declare the member on another"
                        + " host",
                ExitCode.INCOMPLETE);
    }

    private static Refusal fenced(NodeState member) {
        return new Refusal(
                member.node().id(),
                "the member is fenced (" + member.files().fenced() + "), and Holdfast does not start fenced members",
                "holdfast rejoin " + member.node().id(),
                ExitCode.INCOMPLETE);
    }
}
