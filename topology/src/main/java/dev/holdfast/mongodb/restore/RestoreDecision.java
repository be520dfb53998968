package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.restore.RestoreState.Progress;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision;
import dev.holdfast.plan.DecisionRule;
import java.util.List;
import java.util.Optional;

/** Whether a moment is brought back: the pre-flight, before anything is touched. */
public final class RestoreDecision {

    private RestoreDecision() {}

    public static final List<DecisionRule<RestoreState, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<RestoreState, RoleChangeDecision>(
                            DecisionCode.UNREAD,
                            "not every piece of the repository could be read",
                            state -> state.resolvedTarget().isUnread(),
                            state -> RoleChangeDecision.refused(
                                    ExitCode.UNREACHABLE, state.resolvedTarget().hint()),
                            state -> state.resolvedTarget().trouble())
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.TARGET_NOT_COVERED,
                    "the moment cannot be reached",
                    state -> !state.resolvedTarget().isFound(),
                    state -> RoleChangeDecision.refused(state.resolvedTarget().hint()),
                    state -> state.resolvedTarget().trouble()),
            new DecisionRule<>(
                    DecisionCode.TARGET_HOST_SILENT,
                    "a host of the target does not answer",
                    state -> silent(state).isPresent(),
                    state -> RoleChangeDecision.refused(ExitCode.UNREACHABLE, "reach it first; nothing was touched"),
                    state -> silent(state).orElseThrow().id() + ": its host does not answer"),
            new DecisionRule<>(
                    DecisionCode.OTHER_RESTORE,
                    "the target's folders belong to another restore",
                    state -> other(state).isPresent(),
                    state -> RoleChangeDecision.refused(
                            state.target().isSideBySide()
                                    ? "choose another --label, or remove it with --discard first"
                                    : "end that one first, or remove what it has left"),
                    state -> other(state).orElseThrow().id() + " holds a restore to "
                            + state.of(other(state).orElseThrow()).order()),
            new DecisionRule<>(
                    DecisionCode.DIRECTORY_OCCUPIED,
                    "something is where the target shall be",
                    state -> foreign(state).isPresent(),
                    state ->
                            RoleChangeDecision.refused("choose another --label or another estate; nothing was touched"),
                    state -> foreign(state).orElseThrow().directory() + " of "
                            + foreign(state).orElseThrow().id() + " holds something else already"),
            new DecisionRule<>(
                    DecisionCode.PORT_TAKEN,
                    "a port of the target is taken",
                    state -> taken(state).isPresent(),
                    state -> RoleChangeDecision.refused("choose another --label: each has ports of its own"),
                    state -> "port " + taken(state).orElseThrow().port() + " of "
                            + taken(state).orElseThrow().host().address() + " is taken by another process"),
            new DecisionRule<RestoreState, RoleChangeDecision>(
                            DecisionCode.RESTORE_AGAIN,
                            "it was brought back and verified already",
                            RestoreDecision::isDone,
                            state -> RoleChangeDecision.NOTHING,
                            state -> state.target().isInPlace()
                                    ? state.asked().already()
                                    : state.target().shown() + " holds "
                                            + state.resolvedTarget().order() + ", verified")
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.NO_SPACE,
                    "there is no room for the copies",
                    state -> state.lacking().isPresent(),
                    state -> RoleChangeDecision.refused(
                            "make room there, or bring it back elsewhere; nothing was touched"),
                    state -> state.lacking().orElseThrow()),
            new DecisionRule<>(
                    DecisionCode.RESTORE_POSSIBLE,
                    "always",
                    state -> true,
                    state -> RoleChangeDecision.GO,
                    state -> String.join("; ", because(state))));

    private static List<String> because(RestoreState state) {
        List<String> because = new java.util.ArrayList<>(state.resolvedTarget().because());
        because.add("the archive holds every operation from the copies to "
                + state.resolvedTarget().moment() + " ("
                + state.resolvedTarget().moment().instant() + ")");
        return because;
    }

    static boolean isDone(RestoreState state) {
        return state.isVerified() && state.target().cluster().nodes().stream().allMatch(state::answers);
    }

    private static Optional<Node> silent(RestoreState state) {
        return first(
                state,
                n -> state.footings().get(n).process() == NodeAvailability.SILENT
                        && !state.footings().get(n).isPortTakenByUnknown());
    }

    private static Optional<Node> other(RestoreState state) {
        return first(state, n -> {
            Progress found = state.of(n);
            boolean over = state.target().isInPlace() && found.isDone();
            return !found.state().isEmpty()
                    && !over
                    && !found.order().equals(state.resolvedTarget().order());
        });
    }

    private static Optional<Node> foreign(RestoreState state) {
        return first(state, n -> {
            DirectoryOwner ground = state.footings().get(n).ground();
            boolean begun =
                    state.states().values().stream().anyMatch(p -> !p.state().isEmpty());
            boolean isExpected =
                    ground == DirectoryOwner.ABSENT || begun || state.target().isInPlace();
            return ground == DirectoryOwner.FOREIGN || !isExpected;
        });
    }

    private static Optional<Node> taken(RestoreState state) {
        return first(state, n -> state.footings().get(n).isPortTakenByUnknown());
    }

    private static Optional<Node> first(RestoreState state, java.util.function.Predicate<Node> test) {
        return state.target().cluster().nodes().stream().filter(test).findFirst();
    }
}
