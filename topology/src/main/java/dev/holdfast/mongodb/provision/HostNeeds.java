package dev.holdfast.mongodb.provision;

import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.engine.NodeNeeds.Area;
import dev.holdfast.engine.NodeNeeds.Comparison;
import dev.holdfast.engine.NodeNeeds.Port;
import dev.holdfast.engine.NodeNeeds.Program;
import dev.holdfast.engine.NodeNeeds.Setting;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the servers of a MongoDB cluster need of their hosts. The limits of advice are those of MongoDB's production notes. */
public final class HostNeeds {

    private static final String USER = "mongodb";
    private static final String INSTALL =
            "install %s from MongoDB's own packages, because Debian has none; or declare its directory as binaries:";
    private static final String SYSCTL = "sysctl -w %s, and the same in /etc/sysctl.d/";

    private static final List<Setting> SETTINGS = List.of(
            new Setting(
                    Area.CPU,
                    "cpu",
                    "the processor",
                    Comparison.NONE_OF,
                    List.of("without AVX", "without LSE atomics"),
                    "",
                    List.of(),
                    true,
                    "MongoDB since 5.0 needs AVX, or ARMv8.2-A; choose another host, or let the virtual machine pass on the"
                            + " processor's features"),
            limit("nofile", "the limit of open files (nofile)"),
            limit("nproc", "the limit of processes and threads (nproc)"),
            advice(
                    "vm.max_map_count",
                    Comparison.AT_LEAST,
                    "102400",
                    "",
                    String.format(SYSCTL, "vm.max_map_count=102400")),
            advice("vm.swappiness", Comparison.AT_MOST, "1", "swap=no", String.format(SYSCTL, "vm.swappiness=1")),
            advice(
                    "vm.overcommit_memory",
                    Comparison.AT_MOST,
                    "1",
                    "",
                    "the allocator of MongoDB reserves more memory than it uses; "
                            + String.format(SYSCTL, "vm.overcommit_memory=1")),
            pages("7.0", "never"),
            pages("8", "always"));

    private final MongoCluster cluster;

    public HostNeeds(MongoCluster cluster) {
        this.cluster = cluster;
    }

    public List<NodeNeeds> all() {
        return cluster.nodes().stream().map(this::of).toList();
    }

    private NodeNeeds of(Node node) {
        boolean isRouter = node.kind() == Node.Kind.MONGOS;
        List<Program> programs = new ArrayList<>();
        programs.add(new Program(
                List.of(ServerProcess.program(cluster, node)),
                String.format(INSTALL, cluster.packages(node).get(0)),
                MongoVersions.ALL.supported(),
                false,
                cluster.version()));
        programs.add(Program.any("flock", "apt-get install util-linux"));
        Port port = isRouter
                ? new Port(node.port(), "mongos", Set.of())
                : new Port(node.port(), "mongod", Set.of(Node.Kind.MONGOD, Node.Kind.MONGOS));
        return new NodeNeeds(
                node,
                ServerProcess.pidFile(node),
                USER,
                programs,
                List.of(port),
                SETTINGS,
                isRouter ? List.of() : List.of("xfs"));
    }

    private static Setting limit(String name, String title) {
        return new Setting(
                Area.LIMIT,
                name,
                title,
                Comparison.AT_LEAST,
                List.of("64000"),
                "",
                List.of(),
                false,
                "raise it in /etc/security/limits.d/ for the login, and log in again");
    }

    private static Setting advice(String name, Comparison comparison, String value, String unless, String hint) {
        return new Setting(Area.KERNEL, name, name, comparison, List.of(value), unless, List.of(), false, hint);
    }

    /** MongoDB 8 has another allocator, which profits from transparent huge pages; they harm earlier versions. */
    private static Setting pages(String series, String value) {
        return new Setting(
                Area.KERNEL,
                "transparent_hugepage",
                "the mode of transparent huge pages",
                Comparison.ONE_OF,
                List.of(value, "unavailable"),
                "",
                List.of(series),
                false,
                "echo " + value + " >/sys/kernel/mm/transparent_hugepage/enabled, in a unit that runs at boot");
    }
}
