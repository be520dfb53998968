package dev.holdfast.mongodb.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.backup.MemberBackup;
import dev.holdfast.mongodb.restore.ResolvedTarget.Pick;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.ClusterTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Host c1 has a member of each of three sets, whose copies take 10, 100 and 200 KiB; the others have two or one. */
@Tag("unit")
class DiskSpaceCheckTest {

    private static final Predicate<Node> NOTHING_YET = n -> false;

    private final MongoCluster cluster = Wanted.sharded();
    private final Map<String, Pick> picks = Map.of("config", pick(10), "shard-a", pick(100), "shard-b", pick(200));

    private static Pick pick(long size) {
        MemberBackup copy = MemberBackup.of("s", "l", List.of(List.of("size", Long.toString(size))), Optional.of(1L));
        return new Pick(copy, ClusterTime.NONE);
    }

    private static DiskSpaceCheck.Place reportLine(Node node, long free, String mount) {
        return new DiskSpaceCheck.Place(node.host().name(), mount, free);
    }

    private DiskSpaceCheck diskSpace(Function<Node, DiskSpaceCheck.Place> description) {
        return new DiskSpaceCheck(cluster.allSets().stream()
                .flatMap(s -> s.nodes().stream())
                .collect(Collectors.toMap(n -> n, description, (a, b) -> a, LinkedHashMap::new)));
    }

    private Optional<String> lacking(DiskSpaceCheck diskSpace, Predicate<Node> unpacked) {
        return diskSpace.lacking(cluster.allSets(), picks, unpacked);
    }

    private static boolean isOn(Node node, String host) {
        return node.host().name().equals(host);
    }

    @Test
    void copies_on_one_file_system_share_what_is_free_there() {
        assertThat(lacking(diskSpace(n -> reportLine(n, isOn(n, "c1") ? 310 : 1000, "/")), NOTHING_YET))
                .contains("the unpacked backups need 310 KiB below / of host c1, and 310 KiB are free there");
        assertThat(lacking(diskSpace(n -> reportLine(n, isOn(n, "c1") ? 311 : 1000, "/")), NOTHING_YET))
                .isEmpty();
    }

    @Test
    void copies_on_different_file_systems_do_not() {
        assertThat(lacking(
                        diskSpace(n -> reportLine(n, 201, n.group().equals("shard-b") ? "/data" : "/")), NOTHING_YET))
                .isEmpty();
        assertThat(lacking(
                        diskSpace(n -> reportLine(n, 200, n.group().equals("shard-b") ? "/data" : "/")), NOTHING_YET))
                .contains("the unpacked backups need 200 KiB below /data of host a2, and 200 KiB are free there");
    }

    @Test
    void what_is_unpacked_already_needs_no_space() {
        DiskSpaceCheck diskSpace = diskSpace(n -> reportLine(n, isOn(n, "c1") ? 150 : 1000, "/"));
        assertThat(lacking(diskSpace, NOTHING_YET)).isPresent();
        assertThat(lacking(diskSpace, n -> n.group().equals("shard-b"))).isEmpty();
    }

    @Test
    void a_host_that_does_not_report_is_not_judged() {
        DiskSpaceCheck diskSpace = diskSpace(n -> reportLine(n, isOn(n, "c1") ? 0 : 1000, "/"));
        assertThat(lacking(diskSpace, NOTHING_YET)).isPresent();
        Map<Node, DiskSpaceCheck.Place> others = new LinkedHashMap<>(diskSpace.places());
        others.keySet().removeIf(n -> isOn(n, "c1"));
        assertThat(lacking(new DiskSpaceCheck(others), NOTHING_YET)).isEmpty();
        assertThat(lacking(new DiskSpaceCheck(Map.of()), NOTHING_YET)).isEmpty();
    }
}
