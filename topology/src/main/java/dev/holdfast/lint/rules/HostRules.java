package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules about hosts, ports and directories; silent in a lab, which can be one laptop. */
final class HostRules {

    /** The range of ports that Linux gives to outgoing connections, unless configured otherwise. */
    private static final int FIRST_EPHEMERAL = 32_768;

    private static final int LAST_EPHEMERAL = 60_999;
    private static final int FIRST_FREE_PORT = 1024;
    private static final List<String> TEMPORARY = List.of("/tmp/", "/var/tmp/", "/dev/shm/", "/run/", "/var/run/");

    private HostRules() {}

    /** The examination of a whole topology. */
    @FunctionalInterface
    private interface Check {
        void judge(Topology topology, List<Problem> found);
    }

    /** A rule that is silent in some environments. */
    private record HostRule(String id, boolean isForStaging, Check check) implements LintRule {
        @Override
        public void judge(Topology topology, List<Problem> found) {
            if (topology.environment() == Environment.PRODUCTION
                    || isForStaging && topology.environment() == Environment.STAGING) {
                check.judge(topology, found);
            }
        }
    }

    static List<LintRule> all() {
        return List.of(
                new HostRule("ephemeral-port", true, HostRules::ephemeral),
                new HostRule("privileged-port", true, HostRules::privileged),
                new HostRule("temporary-directory", true, HostRules::temporary),
                new HostRule("backup-in-temporary-directory", true, HostRules::temporaryBackup),
                new HostRule("secret-in-temporary-directory", true, HostRules::temporarySecret),
                new HostRule("loopback-address", false, HostRules::loopback),
                new HostRule("hosts-share-address", true, HostRules::shared));
    }

    private static void warn(Topology topology, String path, String what, String hint, List<Problem> found) {
        found.add(Problem.warn(topology.place(path), what, hint));
    }

    private static String place(Node node) {
        return "/clusters/" + node.cluster();
    }

    private static void ephemeral(Topology topology, List<Problem> found) {
        for (Node node : topology.nodes()) {
            if (node.port() >= FIRST_EPHEMERAL && node.port() <= LAST_EPHEMERAL) {
                warn(
                        topology,
                        place(node),
                        node.id() + " listens on port " + node.port()
                                + ": an outgoing connection of any program can take it, and the server then does not start",
                        "choose a port from " + FIRST_FREE_PORT + " to " + (FIRST_EPHEMERAL - 1),
                        found);
            }
        }
    }

    private static void privileged(Topology topology, List<Problem> found) {
        for (Node node : topology.nodes()) {
            if (node.port() < FIRST_FREE_PORT) {
                warn(
                        topology,
                        place(node),
                        node.id() + " listens on port " + node.port()
                                + ", which only root may open; servers do not run as root",
                        "choose a port from " + FIRST_FREE_PORT + " to " + (FIRST_EPHEMERAL - 1),
                        found);
            }
        }
    }

    private static boolean isTemporary(String path) {
        return TEMPORARY.stream().anyMatch((path + "/")::startsWith);
    }

    private static void temporary(Topology topology, List<Problem> found) {
        Map<String, Node> first = new HashMap<>();
        topology.nodes().stream()
                .filter(n -> isTemporary(n.directory()))
                .forEach(n -> first.putIfAbsent(n.cluster(), n));
        first.values()
                .forEach(n -> warn(
                        topology,
                        place(n),
                        "the data of " + n.id() + " is in " + n.directory()
                                + ": the host empties that directory at a restart",
                        "declare directory: /var/lib/holdfast/" + topology.name(),
                        found));
    }

    private static void temporaryBackup(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            Optional<String> folder = cluster.precaution().flatMap(BackupPolicy::folder);
            if (folder.filter(HostRules::isTemporary).isPresent()) {
                warn(
                        topology,
                        "/clusters/" + cluster.name() + "/backup/repository",
                        "the backups of " + cluster.name() + " are in " + folder.get()
                                + ": the host empties that directory at a restart",
                        "declare a directory on other storage: repository: /path/on/other/storage",
                        found);
            }
        }
    }

    private static void temporarySecret(Topology topology, List<Problem> found) {
        topology.secrets().forEach((name, source) -> {
            if (source instanceof SecretRef.Source.File file && isTemporary(file.path())) {
                warn(
                        topology,
                        "/secrets/" + name,
                        "the secret " + name + " is read from a temporary directory, which others can write to",
                        "keep it in a directory of its owner with mode 0700",
                        found);
            }
        });
    }

    private static boolean isLoopback(Host host) {
        return host.address().equals("localhost") || host.address().startsWith("127.");
    }

    private static void loopback(Topology topology, List<Problem> found) {
        for (Host host : topology.hosts().values()) {
            if (isLoopback(host)) {
                warn(
                        topology,
                        "/hosts/" + host.name(),
                        "the address of " + host.name() + " is " + host.address()
                                + ": no other host reaches it, and all such hosts are one machine",
                        "write the address in the network, or environment: lab",
                        found);
            }
        }
    }

    private static void shared(Topology topology, List<Problem> found) {
        Map<String, Host> first = new HashMap<>();
        for (Host host : topology.hosts().values()) {
            Host other = first.putIfAbsent(host.address(), host);
            if (other != null) {
                warn(
                        topology,
                        "/hosts/" + host.name(),
                        host.name() + " and " + other.name() + " have the address " + host.address()
                                + ": they are one machine, and fail together",
                        "declare each machine once",
                        found);
            }
        }
    }
}
