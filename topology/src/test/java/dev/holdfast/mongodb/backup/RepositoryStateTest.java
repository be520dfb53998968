package dev.holdfast.mongodb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.mongodb.backup.ReplicaSetInventory.RecoveryRange;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.value.ClusterTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RepositoryStateTest {

    private static final String SUM = "0".repeat(64);

    private static ClusterTime at(long seconds) {
        return new ClusterTime(seconds, 1);
    }

    private static OplogSlice slice(long from, long to) {
        String file = at(from).inName() + "-" + at(to).inName() + "-" + SUM + ".bson.gz";
        return OplogSlice.of(file, 100, ClusterTime.NONE).orElseThrow();
    }

    private static MemberBackup copy(String set, String label, long top) {
        return MemberBackup.of(
                set,
                label,
                List.of(
                        List.of("top", at(top).toString()),
                        List.of("bytes", "7"),
                        List.of("sha256", SUM),
                        List.of("archive", "data.tar.zst")),
                Optional.of(7L));
    }

    private static ReplicaSetInventory inventory(String set, List<MemberBackup> copies, OplogSlice... slices) {
        return new ReplicaSetInventory(
                set, copies, OplogChain.of(List.of(slices)), Optional.empty(), List.of(), List.of());
    }

    private static RepositoryState repositoryState(ReplicaSetInventory... inventories) {
        BackupRepository repository = new BackupRepository(
                "/b", "/b/mongodb/e/c", Optional.empty(), Duration.ofSeconds(60), Optional.empty());
        return new RepositoryState(repository, List.of(inventories), 0, Optional.empty(), false, "");
    }

    @Test
    void what_can_be_reached_is_what_every_set_reaches() {
        RepositoryState repositoryState = repositoryState(
                inventory("config", List.of(copy("config", "A", 10)), slice(1, 20), slice(20, 50)),
                inventory("s0", List.of(copy("s0", "A", 15)), slice(5, 40)));
        assertThat(repositoryState.stretches()).containsExactly(new RecoveryRange(at(15), at(40)));
        assertThat(repositoryState.labels()).containsExactly("A");
    }

    @Test
    void a_missing_slice_parts_what_can_be_reached() {
        List<MemberBackup> copies = List.of(copy("s0", "A", 10), copy("s0", "B", 35));
        RepositoryState repositoryState = repositoryState(inventory("s0", copies, slice(1, 20), slice(30, 50)));
        assertThat(repositoryState.stretches())
                .containsExactly(new RecoveryRange(at(10), at(20)), new RecoveryRange(at(35), at(50)));
        assertThat(repositoryState.reaches(at(25))).isFalse();
    }

    @Test
    void a_damaged_slice_counts_as_missing() {
        OplogSlice damaged = slice(20, 30);
        RepositoryState repositoryState =
                repositoryState(inventory("s0", List.of(copy("s0", "A", 10)), slice(1, 20), damaged, slice(30, 50)));
        assertThat(repositoryState.stretches()).containsExactly(new RecoveryRange(at(10), at(50)));
        assertThat(repositoryState.without(Map.of("s0", Set.of(damaged.file()))).stretches())
                .containsExactly(new RecoveryRange(at(10), at(20)));
    }

    @Test
    void a_copy_without_its_data_reaches_nothing() {
        MemberBackup lost = MemberBackup.of(
                "s0",
                "A",
                List.of(List.of("top", "10:1"), List.of("bytes", "7"), List.of("sha256", SUM)),
                Optional.empty());
        assertThat(repositoryState(inventory("s0", List.of(lost), slice(1, 50))).stretches())
                .isEmpty();
    }

    @Test
    void the_way_to_a_moment_begins_at_the_latest_copy_before_it() {
        List<MemberBackup> copies = List.of(copy("s0", "A", 10), copy("s0", "B", 35));
        ReplicaSetInventory inventory = inventory("s0", copies, slice(1, 50));
        assertThat(inventory.copyFor(at(34)).orElseThrow().label()).isEqualTo("A");
        assertThat(inventory.copyFor(at(35)).orElseThrow().label()).isEqualTo("B");
        assertThat(inventory.copyFor(at(9))).isEmpty();
    }

    @Test
    void nothing_is_forgotten_that_a_kept_moment_needs() {
        List<MemberBackup> copies = List.of(copy("s0", "A", 10), copy("s0", "B", 35), copy("s0", "C", 60));
        RepositoryState repositoryState =
                repositoryState(inventory("s0", copies, slice(1, 20), slice(20, 40), slice(40, 80)));
        RetentionPolicy forgetting = new RetentionPolicy(repositoryState, "C");
        assertThat(forgetting.pieces(at(50).instant()))
                .containsExactly("s0/base/A", "s0/oplog/" + slice(1, 20).file());
        assertThat(forgetting.pieces(at(5).instant())).isEmpty();
    }

    @Test
    void the_moment_before_the_first_of_a_second_is_the_last_of_the_one_before() {
        assertThat(new ClusterTime(7, 3).before()).isEqualTo(new ClusterTime(7, 2));
        assertThat(new ClusterTime(7, 0).before()).isEqualTo(new ClusterTime(6, ClusterTime.GREATEST));
    }
}
