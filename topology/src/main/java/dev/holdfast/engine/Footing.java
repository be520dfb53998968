package dev.holdfast.engine;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.State;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a node's host says of it.
 *
 * @param process UP or DOWN as the host says; SILENT when the host does not answer
 * @param ground whose the node's directory is
 * @param portTaken whether anything listens on the node's port
 * @param programs where the programs asked for were found on the host; empty text when not found
 * @param told why the host is silent; empty otherwise
 */
public record Footing(State process, Ground ground, boolean portTaken, Map<String, String> programs, String told) {

    /** Whose a node's directory is: nobody's yet, this node's, or somebody else's. */
    public enum Ground {
        ABSENT,
        OURS,
        FOREIGN,
        UNKNOWN
    }

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    /** The name of the file that says whose a directory is; its content is {@code estate node-id}. */
    public static final String MARK = "holdfast.node";

    public static String mark(String estate, Node node) {
        return estate + " " + node.id();
    }

    public boolean isUp() {
        return process == State.UP;
    }

    public boolean isDown() {
        return process == State.DOWN;
    }

    /**
     * Asks every host once, all at once.
     *
     * @param pidFile where a node's server writes its process id
     * @param programs to look for on each host
     */
    public static Map<Node, Footing> look(
            World world, String estate, List<Node> nodes, Function<Node, String> pidFile, List<String> programs) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<Answer> answers = world.askAll(hosts.stream()
                .<Action>map(h -> ask(h, estate, byHost.get(h), pidFile, programs))
                .toList());
        Map<Node, Footing> footings = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            footings.putAll(read(byHost.get(hosts.get(i)), answers.get(i)));
        }
        return footings;
    }

    private static Action ask(
            Host host, String estate, List<Node> nodes, Function<Node, String> pidFile, List<String> programs) {
        String lines = nodes.stream()
                .map(n -> String.join(
                        "\t", n.id(), n.directory(), pidFile.apply(n), host.address(), Integer.toString(n.port())))
                .collect(Collectors.joining("\n"));
        Script script = Script.of("host/look.sh")
                .with("nodes", lines)
                .with("mark", estate)
                .with("programs", String.join(" ", programs));
        return new Action.Exec(host, script, Intent.LOOK, DEADLINE);
    }

    private static Map<Node, Footing> read(List<Node> nodes, Answer answer) {
        Map<Node, Footing> footings = new LinkedHashMap<>();
        if (!answer.isOk()) {
            nodes.forEach(n -> footings.put(n, silent(answer.sentence())));
            return footings;
        }
        List<String[]> lines = answer.text().lines().map(l -> l.split("\t", -1)).toList();
        Map<String, String> programs = new LinkedHashMap<>();
        lines.stream().filter(l -> l[0].equals("program")).forEach(l -> programs.put(l[1], l[2]));
        for (Node node : nodes) {
            footings.put(
                    node,
                    lines.stream()
                            .filter(l -> l[0].equals("node") && l[1].equals(node.id()))
                            .findFirst()
                            .map(l -> said(l, programs))
                            .orElse(silent("its host said nothing of it")));
        }
        return footings;
    }

    private static Footing said(String[] line, Map<String, String> programs) {
        return new Footing(
                line[2].equals("up") ? State.UP : State.DOWN,
                Ground.valueOf(line[4].toUpperCase(java.util.Locale.ROOT)),
                line[5].equals("taken"),
                programs,
                "");
    }

    private static Footing silent(String why) {
        return new Footing(State.SILENT, Ground.UNKNOWN, false, Map.of(), why);
    }
}
