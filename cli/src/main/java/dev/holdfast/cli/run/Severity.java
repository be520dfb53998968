package dev.holdfast.cli.run;

import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.Redundancy.MemberRole;
import dev.holdfast.model.Redundancy.QuorumModel;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The severity of what {@code status} observes, in the convention of monitoring plugins. */
public enum Severity {
    OK,
    WARNING,
    CRITICAL;

    /**
     * CRITICAL means: no primary, more than one primary, no client endpoint, or fewer copies than declared for an acknowledged
     * write. Any other problem is a WARNING.
     */
    public static Severity of(List<LoadedEstate.ObservedCluster> state) {
        if (state.stream().anyMatch(s -> isGrave(s) || lacksCopies(s))) {
            return CRITICAL;
        }
        return state.stream().allMatch(s -> s.observed().problems().isEmpty()) ? OK : WARNING;
    }

    private static boolean isGrave(LoadedEstate.ObservedCluster state) {
        return state.observed().findings().stream().anyMatch(HealthProblem::isGrave);
    }

    private static boolean lacksCopies(LoadedEstate.ObservedCluster state) {
        Set<String> up = state.observed().nodes().stream()
                .filter(o -> o.state() == NodeAvailability.UP)
                .map(NodeStatus::node)
                .map(n -> n.id())
                .collect(Collectors.toSet());
        return state.cluster().redundancies().stream().anyMatch(group -> lacksCopies(group, up));
    }

    private static boolean lacksCopies(Redundancy group, Set<String> up) {
        List<Member> left =
                group.members().stream().filter(m -> up.contains(m.node().id())).toList();
        if (group.form() == QuorumModel.ANY_ONE) {
            return left.isEmpty() && !group.members().isEmpty();
        }
        if (group.form() == QuorumModel.VOTES) {
            return left.size() < group.majority();
        }
        long holders = left.stream()
                .filter(m -> group.form() == QuorumModel.PRIMARY && group.copies() > 1
                        ? m.role() == MemberRole.AWAITED
                        : m.holdsData())
                .count();
        return holders < group.copies();
    }
}
