package dev.holdfast.cli.starter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The first topology file of an estate, with comments.
 *
 * @param name the estate's name
 * @param cluster the cluster's name
 * @param shards the number of shards of a MongoDB cluster; 0 for a replica set
 */
public record StarterTopology(
        String name, String cluster, String engine, String environment, int shards, List<Machine> machines) {

    /** The most voting members of a replica set. */
    private static final int MOST_VOTERS = 7;

    /**
     * A host.
     *
     * @param address the address, if it differs from the name
     * @param ssh how to log in; empty: the host is this machine
     */
    public record Machine(
            String name,
            Optional<String> address,
            Optional<String> zone,
            Optional<String> region,
            Optional<Login> ssh) {}

    /** How to log in by SSH. */
    public record Login(String user, Optional<String> key, Optional<String> port, boolean isBySudo) {}

    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("# The desired state of estate ")
                .append(name)
                .append(". `holdfast explain KEY` describes a key.\n");
        text.append("apiVersion: holdfast.dev/v1\n");
        text.append(line("name: " + name, "also in the mark of every directory of the estate"));
        text.append(line(
                "environment: " + environment,
                environment.equals("lab")
                        ? "a lab may be destroyed; write production before real use"
                        : "risky steps ask for the estate's name"));
        text.append("\n# A zone is what fails together: a rack, a power feed, an availability zone.\nhosts:\n");
        machines.forEach(m -> text.append("  ").append(machine(m)).append('\n'));
        text.append("\nclusters:\n  ").append(cluster).append(":\n");
        text.append(engine.equals("mongodb") ? mongodb() : postgresql());
        return text.toString();
    }

    private static String machine(Machine machine) {
        StringBuilder map = new StringBuilder(machine.name()).append(": { ");
        machine.address().ifPresent(a -> map.append("address: ").append(a).append(", "));
        machine.zone().ifPresent(z -> map.append("zone: ").append(z).append(", "));
        machine.region().ifPresent(r -> map.append("region: ").append(r).append(", "));
        return map.append("reach: ")
                .append(machine.ssh().map(StarterTopology::login).orElse("local"))
                .append(" }")
                .toString();
    }

    private static String login(Login login) {
        return "{ ssh: { user: " + login.user()
                + login.port().map(p -> ", port: " + p).orElse("")
                + login.key().map(k -> ", key: \"" + k + "\"").orElse("")
                + (login.isBySudo() ? ", become: sudo" : "") + " } }";
    }

    private String mongodb() {
        StringBuilder text = new StringBuilder("    engine: mongodb\n");
        text.append(line("    objectives: { rpo: 5m, rto: 10m }", "what a drill is judged by"));
        text.append(shards > 0 ? sharded() : replicaSet());
        text.append(line("    users:", "passwords are generated and kept with mode 0600"));
        text.append("      ")
                .append(cluster)
                .append(": { roles: [ readWrite@")
                .append(cluster)
                .append(" ] }\n");
        text.append(line(
                "    backup: { base: daily, oplogEvery: 60s }",
                "on real hosts add repository: /path/on/other/storage"));
        return text.toString();
    }

    private String replicaSet() {
        int voters = Math.min(machines.size(), MOST_VOTERS);
        int voting = voters > 2 && voters % 2 == 0 ? voters - 1 : voters;
        long near = machines.stream().filter(this::isNear).count();
        StringBuilder text = new StringBuilder(
                line("    replicaSet:", "a sharded cluster has configServers, shards and routers instead"));
        for (int i = 0; i < machines.size(); i++) {
            Machine machine = machines.get(i);
            if (i >= voting) {
                text.append(line(
                        "      - { host: " + machine.name() + ", votes: 0, priority: 0 }",
                        "an odd number of members votes"));
            } else if (near > 1 && !isNear(machine)) {
                text.append(line(
                        "      - { host: " + machine.name() + ", priority: 0 }",
                        "the primary stays in the first region"));
            } else {
                text.append("      - ").append(machine.name()).append('\n');
            }
        }
        return text.toString();
    }

    private String sharded() {
        ShardPlacement placement = new ShardPlacement(hostsByZone());
        StringBuilder text = new StringBuilder();
        text.append(line("    configServers: " + flow(placement.voters(0)), "in three zones where there are three"));
        text.append("    shards:\n");
        for (int i = 0; i < shards; i++) {
            text.append("      shard-")
                    .append(i + 1)
                    .append(": ")
                    .append(flow(placement.voters(i)))
                    .append('\n');
        }
        text.append(line("    routers: " + flow(placement.voters(0).subList(0, 2)), "clients name both"));
        return text.toString();
    }

    /** Returns the names of the hosts by zone, in the order of the hosts; a host without a zone is one of its own. */
    private List<List<String>> hostsByZone() {
        Map<String, List<String>> zones = new LinkedHashMap<>();
        machines.forEach(m -> zones.computeIfAbsent(m.zone().orElse("host " + m.name()), z -> new ArrayList<>())
                .add(m.name()));
        return List.copyOf(zones.values());
    }

    private static String flow(List<String> names) {
        return "[ " + String.join(", ", names) + " ]";
    }

    /** Whether the machine is in the region of the first one. */
    private boolean isNear(Machine machine) {
        return machine.region().equals(machines.get(0).region());
    }

    private String postgresql() {
        List<String> members =
                machines.stream().filter(this::isNear).map(Machine::name).toList();
        List<String> remote =
                machines.stream().filter(m -> !isNear(m)).map(Machine::name).toList();
        List<String> standbys = members.subList(1, members.size());
        StringBuilder text = new StringBuilder("    engine: postgresql\n");
        if (standbys.isEmpty()) {
            text.append(line("    durability: fast", "protect needs a synchronous standby, in the primary's region"));
        } else {
            text.append(line("    objectives: { rpo: 0s, rto: 2m }", "what a drill is judged by"));
            text.append(line("    durability: protect", "a commit waits for a synchronous standby"));
            text.append(line("    afterFailover: serve", "the promoted standby acknowledges alone until a rejoin"));
        }
        text.append(line(
                "    primary: " + members.get(0), "where the primary role begins; a switchover can move it later"));
        if (!standbys.isEmpty()) {
            text.append("    standbys: ")
                    .append(standbys.stream().map(s -> s + ": sync").collect(Collectors.joining(", ", "{ ", " }\n")));
        }
        if (!remote.isEmpty()) {
            text.append(line(
                    "    dr: " + remote.stream().map(s -> s + ": async").collect(Collectors.joining(", ", "{ ", " }")),
                    "in another region; promoted only by name"));
        }
        if (standbys.size() > 1) {
            text.append(line("    synchronous: ANY 1", "a commit waits for the standby that answers first"));
        }
        text.append(line(
                "    proxy: " + flow(members.subList(0, Math.min(2, members.size()))),
                "HAProxy: port 5000 for writes, port 5001 for reads"));
        text.append("    database: ").append(cluster).append('\n');
        text.append(line("    users:", "passwords are generated and kept with mode 0600"));
        text.append("      ").append(cluster).append(": {}\n");
        text.append(line(
                "    backup: { full: weekly, incremental: daily, archive: continuous }",
                "on real hosts add repository: /path/on/other/storage"));
        return text.toString();
    }

    private static String line(String yaml, String comment) {
        return yaml + " ".repeat(Math.max(2, 36 - yaml.length())) + "# " + comment + "\n";
    }
}
