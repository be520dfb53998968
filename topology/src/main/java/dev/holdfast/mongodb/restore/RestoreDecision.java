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

/** The decision table of a restore of a MongoDB cluster, before any change. */
public final class RestoreDecision {

    private RestoreDecision() {}

    public static final List<DecisionRule<RestoreState, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<RestoreState, RoleChangeDecision>(
                            DecisionCode.UNREAD,
                            "some files of the repository cannot be read",
                            state -> state.resolvedTarget().isUnread(),
                            state -> RoleChangeDecision.refused(
                                    ExitCode.UNREACHABLE, state.resolvedTarget().hint()),
                            state -> state.resolvedTarget().trouble())
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.TARGET_NOT_COVERED,
                    "the recovery target cannot be reached",
                    state -> !state.resolvedTarget().isFound(),
                    state -> RoleChangeDecision.refused(state.resolvedTarget().hint()),
                    state -> state.resolvedTarget().trouble()),
            new DecisionRule<>(
                    DecisionCode.TARGET_HOST_SILENT,
                    "a host of the target does not answer",
                    state -> silent(state).isPresent(),
                    state -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE, "make the host answer first; nothing was changed"),
                    state -> silent(state).orElseThrow().id() + ": its host does not answer"),
            new DecisionRule<>(
                    DecisionCode.OTHER_RESTORE,
                    "the destination's directories belong to another restore",
                    state -> other(state).isPresent(),
                    state -> RoleChangeDecision.refused(
                            state.target().isSideBySide()
                                    ? "choose another --label, or remove the other restore with --discard first"
                                    : "finish the other restore first, or remove its files"),
                    state -> other(state).orElseThrow().id() + " has a restore to "
                            + state.of(other(state).orElseThrow()).order()),
            new DecisionRule<>(
                    DecisionCode.DIRECTORY_OCCUPIED,
                    "the destination's directories contain other files",
                    state -> foreign(state).isPresent(),
                    state ->
                            RoleChangeDecision.refused("choose another --label or another estate; nothing was changed"),
                    state -> foreign(state).orElseThrow().directory() + " of "
                            + foreign(state).orElseThrow().id() + " contains other files"),
            new DecisionRule<>(
                    DecisionCode.PORT_TAKEN,
                    "a port of the destination is in use",
                    state -> taken(state).isPresent(),
                    state -> RoleChangeDecision.refused("choose another --label: each label has separate ports"),
                    state -> "port " + taken(state).orElseThrow().port() + " of "
                            + taken(state).orElseThrow().host().address() + " is used by another process"),
            new DecisionRule<RestoreState, RoleChangeDecision>(
                            DecisionCode.RESTORE_AGAIN,
                            "the restore is already complete and verified",
                            RestoreDecision::isDone,
                            state -> RoleChangeDecision.NOTHING,
                            state -> state.target().isInPlace()
                                    ? state.asked().already()
                                    : state.target().shown() + " has "
                                            + state.resolvedTarget().order() + ", verified")
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.NO_SPACE,
                    "the free space is too small for the backups",
                    state -> state.lacking().isPresent(),
                    state -> RoleChangeDecision.refused(
                            "free space there, or choose another destination; nothing was changed"),
                    state -> state.lacking().orElseThrow()),
            new DecisionRule<>(
                    DecisionCode.RESTORE_POSSIBLE,
                    "always",
                    state -> true,
                    state -> RoleChangeDecision.GO,
                    state -> String.join("; ", because(state))));

    private static List<String> because(RestoreState state) {
        List<String> because = new java.util.ArrayList<>(state.resolvedTarget().because());
        because.add("the oplog archive has no gap between the base backups and "
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
                n -> state.hostFacts().get(n).process() == NodeAvailability.SILENT
                        && !state.hostFacts().get(n).isPortTakenByUnknown());
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
            DirectoryOwner directoryOwner = state.hostFacts().get(n).directoryOwner();
            boolean begun =
                    state.states().values().stream().anyMatch(p -> !p.state().isEmpty());
            boolean isExpected = directoryOwner == DirectoryOwner.ABSENT
                    || begun
                    || state.target().isInPlace();
            return directoryOwner == DirectoryOwner.FOREIGN || !isExpected;
        });
    }

    private static Optional<Node> taken(RestoreState state) {
        return first(state, n -> state.hostFacts().get(n).isPortTakenByUnknown());
    }

    private static Optional<Node> first(RestoreState state, java.util.function.Predicate<Node> test) {
        return state.target().cluster().nodes().stream().filter(test).findFirst();
    }
}
