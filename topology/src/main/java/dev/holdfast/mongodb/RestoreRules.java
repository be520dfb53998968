package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.RestoreSeen.Progress;
import dev.holdfast.plan.Rule;
import java.util.List;
import java.util.Optional;

/** Whether a moment is brought back: the pre-flight, before anything is touched. */
final class RestoreRules {

    private RestoreRules() {}

    static final List<Rule<RestoreSeen, Ruling>> TABLE = List.of(
            new Rule<>(
                    "the moment cannot be reached",
                    seen -> !seen.wish().isFound(),
                    seen -> Ruling.refused(seen.wish().hint()),
                    seen -> seen.wish().trouble()),
            new Rule<>(
                    "a host of the target does not answer",
                    seen -> silent(seen).isPresent(),
                    seen -> Ruling.refused(Exit.UNREACHABLE, "reach it first; nothing was touched"),
                    seen -> silent(seen).orElseThrow().id() + ": its host does not answer"),
            new Rule<>(
                    "the target's folders belong to another restore",
                    seen -> other(seen).isPresent(),
                    seen -> Ruling.refused(
                            seen.target().isBeside()
                                    ? "choose another --label, or remove it with --discard first"
                                    : "end that one first, or remove what it has left"),
                    seen -> other(seen).orElseThrow().id() + " holds a restore to "
                            + seen.of(other(seen).orElseThrow()).order()),
            new Rule<>(
                    "something is where the target shall be",
                    seen -> foreign(seen).isPresent(),
                    seen -> Ruling.refused("choose another --label or another estate; nothing was touched"),
                    seen -> foreign(seen).orElseThrow().directory() + " of "
                            + foreign(seen).orElseThrow().id() + " holds something else already"),
            new Rule<>(
                    "a port of the target is taken",
                    seen -> taken(seen).isPresent(),
                    seen -> Ruling.refused("choose another --label: each has ports of its own"),
                    seen -> "port " + taken(seen).orElseThrow().port() + " of "
                            + taken(seen).orElseThrow().host().address() + " is taken by another process"),
            new Rule<>(
                    "it was brought back and verified already",
                    RestoreRules::isDone,
                    seen -> Ruling.NOTHING,
                    seen -> seen.target().isInPlace()
                            ? seen.asked().already()
                            : seen.target().shown() + " holds " + seen.wish().order() + ", verified"),
            new Rule<>(
                    "there is no room for the copies",
                    seen -> seen.lacking().isPresent(),
                    seen -> Ruling.refused("make room there, or bring it back elsewhere; nothing was touched"),
                    seen -> seen.lacking().orElseThrow()),
            new Rule<>("always", seen -> true, seen -> Ruling.GO, seen -> String.join("; ", because(seen))));

    private static List<String> because(RestoreSeen seen) {
        List<String> because = new java.util.ArrayList<>(seen.wish().because());
        because.add("the archive holds every operation from the copies to "
                + seen.wish().moment() + " (" + seen.wish().moment().instant() + ")");
        return because;
    }

    static boolean isDone(RestoreSeen seen) {
        return seen.isVerified() && seen.target().cluster().nodes().stream().allMatch(seen::answers);
    }

    private static Optional<Node> silent(RestoreSeen seen) {
        return first(
                seen,
                n -> !seen.footings().get(n).isUp() && !seen.footings().get(n).isDown());
    }

    private static Optional<Node> other(RestoreSeen seen) {
        return first(seen, n -> {
            Progress found = seen.of(n);
            boolean over = seen.target().isInPlace() && found.isDone();
            return !found.state().isEmpty()
                    && !over
                    && !found.order().equals(seen.wish().order());
        });
    }

    private static Optional<Node> foreign(RestoreSeen seen) {
        return first(seen, n -> {
            Ground ground = seen.footings().get(n).ground();
            boolean begun =
                    seen.states().values().stream().anyMatch(p -> !p.state().isEmpty());
            boolean isExpected =
                    ground == Ground.ABSENT || begun || seen.target().isInPlace();
            return ground == Ground.FOREIGN || !isExpected;
        });
    }

    private static Optional<Node> taken(RestoreSeen seen) {
        return first(
                seen,
                n -> seen.footings().get(n).portTaken()
                        && seen.footings().get(n).isDown());
    }

    private static Optional<Node> first(RestoreSeen seen, java.util.function.Predicate<Node> test) {
        return seen.target().cluster().nodes().stream().filter(test).findFirst();
    }
}
