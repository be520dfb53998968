package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.mongodb.Shelf.Stretch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StockTest {

    private static final String SUM = "0".repeat(64);

    private static Stamp at(long seconds) {
        return new Stamp(seconds, 1);
    }

    private static OplogSlice slice(long from, long to) {
        String file = at(from).inName() + "-" + at(to).inName() + "-" + SUM + ".bson.gz";
        return OplogSlice.of(file, 100, Stamp.NONE).orElseThrow();
    }

    private static MemberCopy copy(String set, String label, long top) {
        return MemberCopy.of(
                set,
                label,
                List.of(
                        List.of("top", at(top).toString()),
                        List.of("bytes", "7"),
                        List.of("sha256", SUM),
                        List.of("archive", "data.tar.zst")),
                Optional.of(7L));
    }

    private static Shelf shelf(String set, List<MemberCopy> copies, OplogSlice... slices) {
        return new Shelf(set, copies, Chain.of(List.of(slices)), Optional.empty(), List.of(), List.of());
    }

    private static Stock stock(Shelf... shelves) {
        Repository repository =
                new Repository("/b", "/b/mongodb/e/c", Optional.empty(), Duration.ofSeconds(60), Optional.empty());
        return new Stock(repository, List.of(shelves), 0, Optional.empty(), false, "");
    }

    @Test
    void what_can_be_reached_is_what_every_set_reaches() {
        Stock stock = stock(
                shelf("config", List.of(copy("config", "A", 10)), slice(1, 20), slice(20, 50)),
                shelf("s0", List.of(copy("s0", "A", 15)), slice(5, 40)));
        assertThat(stock.stretches()).containsExactly(new Stretch(at(15), at(40)));
        assertThat(stock.labels()).containsExactly("A");
    }

    @Test
    void a_missing_slice_parts_what_can_be_reached() {
        List<MemberCopy> copies = List.of(copy("s0", "A", 10), copy("s0", "B", 35));
        Stock stock = stock(shelf("s0", copies, slice(1, 20), slice(30, 50)));
        assertThat(stock.stretches()).containsExactly(new Stretch(at(10), at(20)), new Stretch(at(35), at(50)));
        assertThat(stock.reaches(at(25))).isFalse();
    }

    @Test
    void a_damaged_slice_counts_as_missing() {
        OplogSlice damaged = slice(20, 30);
        Stock stock = stock(shelf("s0", List.of(copy("s0", "A", 10)), slice(1, 20), damaged, slice(30, 50)));
        assertThat(stock.stretches()).containsExactly(new Stretch(at(10), at(50)));
        assertThat(stock.without(Map.of("s0", Set.of(damaged.file()))).stretches())
                .containsExactly(new Stretch(at(10), at(20)));
    }

    @Test
    void a_copy_without_its_data_reaches_nothing() {
        MemberCopy lost = MemberCopy.of(
                "s0",
                "A",
                List.of(List.of("top", "10:1"), List.of("bytes", "7"), List.of("sha256", SUM)),
                Optional.empty());
        assertThat(stock(shelf("s0", List.of(lost), slice(1, 50))).stretches()).isEmpty();
    }

    @Test
    void the_way_to_a_moment_begins_at_the_latest_copy_before_it() {
        List<MemberCopy> copies = List.of(copy("s0", "A", 10), copy("s0", "B", 35));
        Shelf shelf = shelf("s0", copies, slice(1, 50));
        assertThat(shelf.copyFor(at(34)).orElseThrow().label()).isEqualTo("A");
        assertThat(shelf.copyFor(at(35)).orElseThrow().label()).isEqualTo("B");
        assertThat(shelf.copyFor(at(9))).isEmpty();
    }

    @Test
    void nothing_is_forgotten_that_a_kept_moment_needs() {
        List<MemberCopy> copies = List.of(copy("s0", "A", 10), copy("s0", "B", 35), copy("s0", "C", 60));
        Stock stock = stock(shelf("s0", copies, slice(1, 20), slice(20, 40), slice(40, 80)));
        Forgetting forgetting = new Forgetting(stock, "C");
        assertThat(forgetting.pieces(at(50).instant()))
                .containsExactly("s0/base/A", "s0/oplog/" + slice(1, 20).file());
        assertThat(forgetting.pieces(at(5).instant())).isEmpty();
    }

    @Test
    void the_moment_before_the_first_of_a_second_is_the_last_of_the_one_before() {
        assertThat(new Stamp(7, 3).before()).isEqualTo(new Stamp(7, 2));
        assertThat(new Stamp(7, 0).before()).isEqualTo(new Stamp(6, Stamp.GREATEST));
    }
}
