package dev.holdfast.cli.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.preflight.EstateNeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engines state that their nodes need, for declared estates. */
@Tag("unit")
class NodeNeedsTest {

    private static final String AUTOMATIC = """
            apiVersion: holdfast.dev/v1
            name: needs
            environment: lab
            hosts:
              a1: { address: 10.0.0.1, zone: a, region: r, reach: local }
              b1: { address: 10.0.0.2, zone: b, region: r, reach: local }
              c1: { address: 10.0.0.3, zone: c, region: r, reach: local }
            clusters:
              pay:
                engine: postgresql
                primary: a1
                standbys: { b1: sync }
                failover: automatic
                automatic: { dcs: { etcd: [ a1, b1, c1 ] } }
                proxy: [ c1 ]
            """;

    @TempDir
    Path folder;

    private static Topology topology(Path file) {
        TopologyFile.Loaded loaded = TopologyFile.load(file, Map.of(), Map.of());
        return loaded.topology().orElseThrow(() -> new AssertionError(loaded.problems()));
    }

    private Topology automatic() throws IOException {
        return topology(Files.writeString(folder.resolve("topology.yaml"), AUTOMATIC));
    }

    private static List<NodeNeeds> needs(Topology topology) {
        return topology.clusters().stream()
                .flatMap(c -> BuiltIns.engine(c.engine()).needs(c).stream())
                .toList();
    }

    /** Returns the ports of other hosts that servers of one host connect to. */
    private static Set<String> links(Topology topology, String host) {
        EstateNeeds estate = EstateNeeds.of(topology, needs(topology));
        return estate.links(topology.hosts().get(host)).stream()
                .map(l -> l.to().host().name() + ":" + l.port().number())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_node_has_needs_and_its_own_port_comes_first() throws IOException {
        for (Topology topology : List.of(
                topology(RealEstate.repositoryFolder().resolve("examples/swapskill/topology.yaml")), automatic())) {
            List<NodeNeeds> needs = needs(topology);
            assertThat(needs.stream().map(NodeNeeds::node)).containsExactlyElementsOf(topology.nodes());
            assertThat(needs).allSatisfy(n -> {
                assertThat(n.ports().get(0).number()).isEqualTo(n.node().port());
                assertThat(n.pidFile()).startsWith(n.node().directory());
            });
        }
    }

    /** validate names the packages, and preflight the commands that install what is missing. */
    @Test
    void what_preflight_installs_has_every_package_that_validate_names() throws IOException {
        for (Topology topology : List.of(
                topology(RealEstate.repositoryFolder().resolve("examples/swapskill/topology.yaml")), automatic())) {
            for (Cluster cluster : topology.clusters()) {
                for (NodeNeeds need : BuiltIns.engine(cluster.engine()).needs(cluster)) {
                    Set<String> installed = need.programs().stream()
                            .map(NodeNeeds.Program::install)
                            .flatMap(i -> Stream.of(i.split("[ ,]+")))
                            .collect(Collectors.toSet());
                    assertThat(installed).as(need.node().id()).containsAll(cluster.packages(need.node()));
                }
            }
        }
    }

    @Test
    void members_proxies_patroni_and_etcd_reach_each_other_and_nobody_needs_a_proxy() throws IOException {
        Topology topology = automatic();
        assertThat(links(topology, "a1"))
                .containsExactly("b1:2379", "b1:2380", "b1:5432", "b1:8008", "c1:2379", "c1:2380");
        assertThat(links(topology, "c1"))
                .containsExactly(
                        "a1:2379", "a1:2380", "a1:5432", "a1:8008", "b1:2379", "b1:2380", "b1:5432", "b1:8008");
    }

    @Test
    void routers_reach_members_and_clusters_do_not_reach_each_other() {
        Topology topology = topology(RealEstate.repositoryFolder().resolve("examples/swapskill/topology.yaml"));
        Set<Integer> members = topology.nodes().stream()
                .filter(n -> n.kind() == Node.Kind.MONGOD)
                .map(Node::port)
                .collect(Collectors.toSet());
        assertThat(links(topology, "c1"))
                .isNotEmpty()
                .allSatisfy(l -> assertThat(members).contains(Integer.valueOf(l.substring(l.indexOf(':') + 1))));
        assertThat(links(topology, "d1")).containsExactly("a2:5432", "b2:5432");
    }
}
