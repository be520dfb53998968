package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.restore.RestoreState.Progress;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision;
import dev.holdfast.plan.DecisionRule;
import java.util.List;
import java.util.Optional;

/** Whether a moment is brought back: the pre-flight, before anything is touched. */
final class RestoreDecision {

    private RestoreDecision() {}

    static final List<DecisionRule<RestoreState, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<>(
                    "the moment cannot be reached",
                    seen -> !seen.wish().isFound(),
                    seen -> RoleChangeDecision.refused(seen.wish().hint()),
                    seen -> seen.wish().trouble()),
            new DecisionRule<>(
                    "a host of the target does not answer",
                    seen -> silent(seen).isPresent(),
                    seen -> RoleChangeDecision.refused(ExitCode.UNREACHABLE, "reach it first; nothing was touched"),
                    seen -> silent(seen).orElseThrow().id() + ": its host does not answer"),
            new DecisionRule<>(
                    "the target's folders belong to another restore",
                    seen -> other(seen).isPresent(),
                    seen -> RoleChangeDecision.refused(
                            seen.target().isBeside()
                                    ? "choose another --label, or remove it with --discard first"
                                    : "end that one first, or remove what it has left"),
                    seen -> other(seen).orElseThrow().id() + " holds a restore to "
                            + seen.of(other(seen).orElseThrow()).order()),
            new DecisionRule<>(
                    "something is where the target shall be",
                    seen -> foreign(seen).isPresent(),
                    seen -> RoleChangeDecision.refused("choose another --label or another estate; nothing was touched"),
                    seen -> foreign(seen).orElseThrow().directory() + " of "
                            + foreign(seen).orElseThrow().id() + " holds something else already"),
            new DecisionRule<>(
                    "a port of the target is taken",
                    seen -> taken(seen).isPresent(),
                    seen -> RoleChangeDecision.refused("choose another --label: each has ports of its own"),
                    seen -> "port " + taken(seen).orElseThrow().port() + " of "
                            + taken(seen).orElseThrow().host().address() + " is taken by another process"),
            new DecisionRule<>(
                    "it was brought back and verified already",
                    RestoreDecision::isDone,
                    seen -> RoleChangeDecision.NOTHING,
                    seen -> seen.target().isInPlace()
                            ? seen.asked().already()
                            : seen.target().shown() + " holds " + seen.wish().order() + ", verified"),
            new DecisionRule<>(
                    "there is no room for the copies",
                    seen -> seen.lacking().isPresent(),
                    seen -> RoleChangeDecision.refused(
                            "make room there, or bring it back elsewhere; nothing was touched"),
                    seen -> seen.lacking().orElseThrow()),
            new DecisionRule<>(
                    "always", seen -> true, seen -> RoleChangeDecision.GO, seen -> String.join("; ", because(seen))));

    private static List<String> because(RestoreState seen) {
        List<String> because = new java.util.ArrayList<>(seen.wish().because());
        because.add("the archive holds every operation from the copies to "
                + seen.wish().moment() + " (" + seen.wish().moment().instant() + ")");
        return because;
    }

    static boolean isDone(RestoreState seen) {
        return seen.isVerified() && seen.target().cluster().nodes().stream().allMatch(seen::answers);
    }

    private static Optional<Node> silent(RestoreState seen) {
        return first(
                seen,
                n -> seen.footings().get(n).process() == NodeAvailability.SILENT
                        && !seen.footings().get(n).isPortTakenByUnknown());
    }

    private static Optional<Node> other(RestoreState seen) {
        return first(seen, n -> {
            Progress found = seen.of(n);
            boolean over = seen.target().isInPlace() && found.isDone();
            return !found.state().isEmpty()
                    && !over
                    && !found.order().equals(seen.wish().order());
        });
    }

    private static Optional<Node> foreign(RestoreState seen) {
        return first(seen, n -> {
            DirectoryOwner ground = seen.footings().get(n).ground();
            boolean begun =
                    seen.states().values().stream().anyMatch(p -> !p.state().isEmpty());
            boolean isExpected =
                    ground == DirectoryOwner.ABSENT || begun || seen.target().isInPlace();
            return ground == DirectoryOwner.FOREIGN || !isExpected;
        });
    }

    private static Optional<Node> taken(RestoreState seen) {
        return first(seen, n -> seen.footings().get(n).isPortTakenByUnknown());
    }

    private static Optional<Node> first(RestoreState seen, java.util.function.Predicate<Node> test) {
        return seen.target().cluster().nodes().stream().filter(test).findFirst();
    }
}
