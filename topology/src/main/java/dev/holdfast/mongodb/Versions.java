package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Reach;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which versions of MongoDB are installed where something is to be started. */
record Versions(Map<Host, Map<String, String>> byHost) {

    static final Versions UNASKED = new Versions(Map.of());

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    /** Asks one host of every machine that has a server which does not run. */
    static Versions look(World world, MongoCluster cluster, Map<Node, Footing> footings) {
        List<Node> idle =
                cluster.nodes().stream().filter(n -> footings.get(n).isDown()).toList();
        Map<Reach, Host> machines = new LinkedHashMap<>();
        idle.forEach(n -> machines.putIfAbsent(machine(n.host()), n.host()));
        String programs = idle.stream()
                .map(n -> MongoServer.program(cluster, n.kind()))
                .distinct()
                .collect(Collectors.joining("\n"));
        List<Answer> answers = world.askAll(machines.values().stream()
                .<Action>map(h -> new Action.Exec(
                        h, Script.of("mongodb/versions.sh").with("programs", programs), Intent.LOOK, DEADLINE))
                .toList());
        Map<Reach, Map<String, String>> byMachine = new LinkedHashMap<>();
        List<Reach> asked = List.copyOf(machines.keySet());
        for (int i = 0; i < asked.size(); i++) {
            byMachine.put(asked.get(i), read(answers.get(i)));
        }
        Map<Host, Map<String, String>> byHost = new LinkedHashMap<>();
        idle.forEach(n -> byHost.put(n.host(), byMachine.get(machine(n.host()))));
        return new Versions(byHost);
    }

    String of(MongoCluster cluster, Node node) {
        return byHost.getOrDefault(node.host(), Map.of()).getOrDefault(MongoServer.program(cluster, node.kind()), "");
    }

    /** Local hosts are one machine under many addresses. */
    private static Reach machine(Host host) {
        return host.reach() instanceof Reach.Ssh ssh
                ? new Reach.Ssh(ssh.user() + "@" + host.address(), ssh.port(), ssh.key(), ssh.knownHosts())
                : host.reach();
    }

    /** Nothing when the host does not tell. */
    private static Map<String, String> read(Answer answer) {
        Map<String, String> versions = new LinkedHashMap<>();
        if (answer.isOk()) {
            answer.text().lines().map(l -> l.split("\t", -1)).forEach(l -> versions.put(l[0], l[1]));
        }
        return versions;
    }
}
