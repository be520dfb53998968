package dev.holdfast.mongodb;

import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Script;
import dev.holdfast.world.State;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is to be brought back, and how far that is.
 *
 * @param asked what was asked for
 * @param stock what the source's repository holds
 * @param wish the moment that was asked for, found
 * @param states how far each server's folder is
 * @param hellos what each server tells anybody; empty when it does not answer
 */
record RestoreSeen(
        Instant at,
        RestoreOrder asked,
        RestoreTarget target,
        Stock stock,
        Wish wish,
        Map<Node, Footing> footings,
        Map<Node, Progress> states,
        Map<Node, Doc> hellos)
        implements Observed {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /**
     * How far a folder is.
     *
     * @param state begun, unpacked, touched, replayed, ready, verified; aside when its old data was put aside; or nothing
     * @param order the restore that it belongs to
     */
    record Progress(String state, String order) {
        static final Progress NONE = new Progress("", "");

        boolean isDone() {
            return state.equals("verified");
        }
    }

    static Map<Node, Progress> progress(World world, List<Node> nodes) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<Answer> answers = world.askAll(
                hosts.stream().<Action>map(h -> ask(h, byHost.get(h))).toList());
        Map<Node, Progress> found = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            List<String[]> lines = answers.get(i).isOk()
                    ? answers.get(i).text().lines().map(l -> l.split("\t", -1)).toList()
                    : List.of();
            byHost.get(hosts.get(i))
                    .forEach(n -> found.put(
                            n,
                            lines.stream()
                                    .filter(l -> l[1].equals(n.id()))
                                    .findFirst()
                                    .map(l -> new Progress(l[2], l[3]))
                                    .orElse(Progress.NONE)));
        }
        return found;
    }

    private static Action ask(Host host, List<Node> nodes) {
        String lines = nodes.stream().map(n -> n.id() + "\t" + n.directory()).collect(Collectors.joining("\n"));
        return new Action.Exec(host, Script.of("mongodb/restore-look.sh").with("nodes", lines), Intent.LOOK, DEADLINE);
    }

    /** The same, with how far the folders are by now. */
    RestoreSeen again(World world) {
        Map<Node, Progress> now = progress(world, target.cluster().nodes());
        return new RestoreSeen(world.now(), asked, target, stock, wish, footings, now, hellos);
    }

    Progress of(Node node) {
        return states.getOrDefault(node, Progress.NONE);
    }

    /** A folder is as far as one of these, for this very restore. */
    boolean is(Node node, String... any) {
        Progress found = of(node);
        return found.order().equals(wish.order()) && List.of(any).contains(found.state());
    }

    /** Every folder that this restore has written says that it was verified, and each set's builder is among them. */
    boolean isVerified() {
        return target.cluster().allSets().stream().allMatch(s -> is(RestoreTarget.builder(s), "verified"))
                && states.values().stream()
                        .filter(p -> p.order().equals(wish.order()))
                        .allMatch(Progress::isDone);
    }

    boolean answers(Node node) {
        return !hellos.getOrDefault(node, Doc.EMPTY).isEmpty();
    }

    boolean isUp(Node node) {
        return footings.containsKey(node) && footings.get(node).isUp();
    }

    @Override
    public List<Observation> nodes() {
        return target.cluster().nodes().stream()
                .map(n -> new Observation(
                        n,
                        answers(n) ? State.UP : isUp(n) ? State.SILENT : State.DOWN,
                        "",
                        Map.of("restore", of(n).state())))
                .toList();
    }

    @Override
    public List<String> complaints() {
        return List.of();
    }
}
