package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.WriteOutcome;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is written on disks that are full, slow, or take only a part. */
@Timeout(60)
@Tag("unit")
class FullDiskTest {

    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path folder;

    /** A disk that takes so many lines and then fails as a full one does. */
    private static final class Filling implements LedgerDisk {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        private final int most;

        Filling(int most) {
            this.most = most;
        }

        @Override
        public void append(byte[] line) throws IOException {
            if (lines.size() == most) {
                throw new IOException("No space left on device");
            }
            lines.add(new String(line, java.nio.charset.StandardCharsets.UTF_8));
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }

    private static LedgerFile ledger(LedgerDisk disk, List<String> notes, Duration limit) {
        return new LedgerFile(
                Path.of("/state/shop/runs/1-apply/ledger.jsonl"),
                e -> notes.add(e.kind() + " " + e.facts().getOrDefault("note", "")),
                disk,
                limit);
    }

    @Test
    void a_full_disk_before_the_first_change_refuses_the_run() {
        try (LedgerFile ledger = ledger(new Filling(0), new ArrayList<>(), Duration.ofSeconds(20))) {
            for (Kind kind : List.of(Kind.RUN_STARTED, Kind.SEEN, Kind.ASKED, Kind.RUN_ENDED)) {
                assertThatThrownBy(() -> ledger.note(kind, Map.of()))
                        .isInstanceOfSatisfying(HoldfastException.class, t -> {
                            assertThat(t.exit()).isEqualTo(ExitCode.REFUSED);
                            assertThat(t).hasMessageContaining("No space left on device. Nothing was changed.");
                            assertThat(t.hint()).contains("df -h /state/shop/runs");
                        });
            }
        }
    }

    @Test
    void a_disk_that_fills_in_the_middle_of_a_run_lets_it_go_on_and_states_once_that_the_record_is_incomplete() {
        List<String> notes = Collections.synchronizedList(new ArrayList<>());
        Filling disk = new Filling(3);
        try (LedgerFile ledger = ledger(disk, notes, Duration.ofSeconds(20))) {
            ledger.note(Kind.RUN_STARTED, Map.of());
            ledger.note(Kind.ASKED, Map.of("script", "postgres/promote.sh"));
            IntStream.range(0, 50_000)
                    .parallel()
                    .forEach(i -> ledger.note(i % 50 == 0 ? Kind.ASKED : Kind.SEEN, Map.of()));
            ledger.note(Kind.RUN_ENDED, Map.of());
            assertThat(ledger.failure()).hasValue("No space left on device");
        }
        assertThat(disk.lines).hasSize(3).allMatch(l -> l.endsWith("\n"));
        assertThat(notes)
                .filteredOn(n -> n.startsWith("NOTED"))
                .singleElement()
                .asString()
                .contains("incomplete");
        assertThat(notes).hasSize(50_004);
    }

    @Test
    void a_disk_that_never_answers_releases_its_callers_after_the_limit() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        LedgerDisk stuck = new LedgerDisk() {
            @Override
            public void append(byte[] line) {}

            @Override
            public void sync() throws IOException {
                try {
                    never.await();
                } catch (InterruptedException stopped) {
                    throw new IOException(stopped);
                }
            }

            @Override
            public void close() {
                sleepUninterruptibly(never);
            }
        };
        List<String> notes = Collections.synchronizedList(new ArrayList<>());
        try (LedgerFile ledger = ledger(stuck, notes, Duration.ofSeconds(1))) {
            List<CompletableFuture<Void>> callers = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> ledger.note(Kind.ASKED, Map.of())))
                    .toList();
            for (CompletableFuture<Void> caller : callers) {
                assertThatThrownBy(() -> caller.get(20, TimeUnit.SECONDS))
                        .hasMessageContaining("the disk does not answer within 1 s");
            }
        }
        never.countDown();
    }

    private static void sleepUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_write_that_takes_only_a_part_is_continued() throws IOException {
        StringBuilder taken = new StringBuilder();
        WritableByteChannel narrow = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer from) {
                taken.append((char) from.get());
                return 1;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        AtomicFile.all(narrow, "{\"n\":1}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(taken).hasToString("{\"n\":1}\n");
    }

    @Test
    void the_real_device_that_is_always_full_breaks_the_ledger_the_record_of_writes_and_plans() throws Exception {
        LedgerDisk disk = LedgerDisk.of(FileChannel.open(FULL, StandardOpenOption.WRITE));
        try (LedgerFile ledger = ledger(disk, new ArrayList<>(), Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> ledger.note(Kind.RUN_STARTED, Map.of()))
                    .hasMessageContaining("No space left on device");
        }
        WriteHistoryFile writes = new WriteHistoryFile(FileChannel.open(FULL, StandardOpenOption.WRITE));
        WriteHistoryFile.Block block = writes.reserve(0, 0, 1024);
        assertThatThrownBy(() -> block.onDisk().get(20, TimeUnit.SECONDS)).hasMessageContaining("No space left");
        assertThatThrownBy(() -> writes.ended(0, 0, 1, WriteOutcome.ACKNOWLEDGED, FailureReason.values()[0], 0, 0, 0))
                .isInstanceOf(java.io.UncheckedIOException.class);
        assertThatThrownBy(writes::close).hasMessageContaining("No space left");
        assertThatThrownBy(() -> AtomicFile.write(FULL, "a plan"))
                .isInstanceOfSatisfying(
                        HoldfastException.class, t -> assertThat(t).hasMessageContaining("No space left"));
    }

    @Test
    void a_file_is_replaced_as_a_whole_and_a_failure_leaves_the_former_one_and_no_draft() throws IOException {
        Path file = folder.resolve("plan.json");
        AtomicFile.write(file, "one");
        AtomicFile.write(file, "two");
        assertThat(file).hasContent("two");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.write(link, "three");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(file).hasContent("three");
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("nowhere/plan.json"), "four"))
                .isInstanceOfSatisfying(HoldfastException.class, t -> {
                    assertThat(t.exit()).isEqualTo(ExitCode.TOOL_FAILED);
                    assertThat(t).hasMessageContaining("there is no directory " + folder.resolve("nowhere"));
                });
        assertThatThrownBy(() -> AtomicFile.folder(file.resolve("below"))).isInstanceOf(HoldfastException.class);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(file, link);
        }
    }
}
