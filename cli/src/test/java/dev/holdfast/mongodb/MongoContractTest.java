package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.provision.ProvisionRunbook;
import dev.holdfast.mongodb.restore.DestroyRunbook;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.OptionsDiff;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.DatabaseUser;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Concerns;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.plan.Step;
import dev.holdfast.world.FakeWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Keeps the pretend servers honest: the same runbook is carried out on them and on real ones, and after every act both
 * are asked the same; whatever a planner reads must be the same.
 */
@Tag("real")
class MongoContractTest {

    private final String network = "127." + ThreadLocalRandom.current().nextInt(16, 250) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";
    private Path folder;
    private LiveExecutionContext real;
    private final FakeMongo mongo = new FakeMongo();
    private final FakeWorld fake = new FakeWorld().with(mongo);
    private MongoCluster cluster;
    private Topology topology;

    @BeforeEach
    void worlds() throws IOException {
        folder = Files.createTempDirectory("hf");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        environment.put("HOLDFAST_SERVERS", RealEstate.servers());
        real = new LiveExecutionContext(
                new SecretStore(folder.resolve("secrets"), Map.of(), environment, true), environment, true, 16);
        cluster = cluster();
        Map<String, Host> hosts = new LinkedHashMap<>();
        cluster.nodes().forEach(n -> hosts.put(n.host().name(), n.host()));
        topology = new Topology("contract", Environment.LAB, hosts, List.of(cluster), Map.of(), Map.of());
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        run(real, DestroyRunbook.of(topology, cluster));
        assertThat(ClusterProbe.hostsOnly(real, topology, cluster).servers())
                .allMatch(n -> n.hostFacts().isDown());
        real.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private Node node(String group, Node.Kind kind, int host, int port) {
        String name = "h" + host;
        Host machine = new Host(
                name,
                network + host,
                "z",
                "r",
                new HostAccess.Local(),
                folder.resolve("d").toString());
        return new Node("c", group, name, kind, machine, port, machine.directory() + "/" + name + "/c/" + group);
    }

    private MongoSet set(String name, Role role, int port, int... hosts) {
        List<MongoCluster.Member> members = new ArrayList<>();
        for (int host : hosts) {
            members.add(Wanted.member(node(name, Node.Kind.MONGOD, host, port)));
        }
        return new MongoSet(name, role, members, Duration.ofSeconds(2), Duration.ofMillis(500), 0);
    }

    private MongoCluster cluster() {
        return new MongoCluster(
                "c",
                RecoveryObjectives.NONE,
                Optional.of(set("config", Role.CONFIG, 27019, 1)),
                List.of(set("s", Role.SHARD, 27018, 1, 2, 3)),
                List.of(node("routers", Node.Kind.MONGOS, 1, 27017)),
                new Concerns(new WriteConcern("majority", Optional.empty(), Duration.ZERO), "local"),
                Map.of(),
                false,
                Map.of("storage.wiredTiger.engineConfig.cacheSizeGB", 0.25, "setParameter.ttlMonitorSleepSecs", 61),
                List.of(new User("app", new SecretRef("c/app"), List.of("readWrite@shop"))),
                "",
                MongoCluster.Options.NONE);
    }

    @Test
    void whatever_a_planner_reads_is_the_same_on_pretend_and_on_real_servers() {
        same("empty hosts");
        Runbook<MongoState> whole = ProvisionRunbook.of(topology, cluster);
        for (int stages = 1; stages <= whole.stages().size(); stages++) {
            Runbook<MongoState> runbook = new Runbook<>(
                    whole.cluster(), whole.title(), whole.look(), whole.stages().subList(0, stages));
            run(real, runbook);
            run(fake, runbook);
            if (stages < 3 || stages == whole.stages().size()) {
                // in between real members are on their way into the set, each at its own pace
                same("after act " + runbook.stages().get(stages - 1).name());
            }
        }
        kill(2);
        same("after a member was killed");
    }

    private void kill(int host) {
        Node node = cluster.sets().get(0).nodes().get(host);
        real.ask(new ServerProcess(topology.name(), cluster, node).stop());
        mongo.kill(node.endpoint());
        real.pause(Duration.ofSeconds(5));
        fake.pause(Duration.ofSeconds(5));
    }

    private void same(String when) {
        assertThat(description(ClusterProbe.at(real, topology, cluster)))
                .as(when)
                .isEqualTo(description(ClusterProbe.at(fake, topology, cluster)));
    }

    private static void run(ExecutionContext context, Runbook<MongoState> runbook) {
        RunbookOutcome outcome = new RunbookRunner(
                        context, (kind, facts) -> {}, context.now().plusSeconds(240))
                .run(List.of(runbook))
                .get(0);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
    }

    /** Everything that planners read of an observation, one line each. */
    private String description(MongoState state) {
        List<String> lines = new ArrayList<>();
        state.servers().forEach(n -> lines.add(description(state, n)));
        state.sets().forEach(s -> lines.add(description(s)));
        lines.add("concerns " + description(state.sharding().concerns()));
        state.sharding().shards().forEach(s -> lines.add("shard " + s.text("_id") + " on " + s.text("host")));
        lines.add("balancer " + state.sharding().balancer() + ", adding "
                + state.sharding().adding());
        lines.add("logged in " + state.loggedIn().stream().map(User::name).toList());
        lines.add("strays " + state.undeclaredServers());
        ProvisionRunbook.of(topology, cluster)
                .plan(state)
                .forEach(p -> p.plan().steps().forEach(s -> lines.add(description(s))));
        return String.join("\n", lines);
    }

    private static String description(MongoDocument concerns) {
        return concerns.doc("defaultWriteConcern").text("w")
                + concerns.text("defaultWriteConcernSource")
                + concerns.doc("defaultReadConcern").text("level")
                + concerns.text("defaultReadConcernSource");
    }

    private static String description(Step step) {
        String output = step.actions().stream()
                .map(Action::script)
                .map(s -> s.file())
                .toList()
                .toString();
        return "step " + step.lane() + " " + step.title() + ", " + step.because() + " " + output;
    }

    private static String description(MongoState state, NodeState n) {
        return String.join(
                " ",
                n.node().id(),
                n.hostFacts().process().name(),
                n.hostFacts().directoryOwner().name(),
                n.hostFacts().portTaken() ? "taken" : "free",
                n.files().keyfile(),
                n.files().mode(),
                n.state().name(),
                n.role(),
                n.setName(),
                n.reply().unready(),
                n.login().user(),
                n.reply().version(),
                OptionsDiff.of(state.cluster(), n).toString(),
                n.reply().hello().texts("hosts").toString(),
                n.reply().hello().text("primary"),
                ReplicaSetConfig.of(n.reply().config()).toString(),
                Boolean.toString(n.reply().committed()));
    }

    private static String description(ReplicaSetState set) {
        List<String> users = set.users().stream()
                .map(u -> u.text("user") + "@" + u.text("db") + DatabaseUser.observed(u))
                .sorted()
                .toList();
        return "set " + set.name() + " " + ReplicaSetConfig.of(set.config()).members() + " users " + users + " lacking "
                + MemberHealth.lacking(set).size();
    }
}
