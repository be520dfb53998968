import dev.holdfast.cli.files.ReadBackFile;
import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.files.RunDirectory;
import dev.holdfast.cli.files.WriteHistoryFile;
import dev.holdfast.ledger.WriteOutcome;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.ledger.Ledger.Kind;
import dev.holdfast.ledger.FailureReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Writes the ledger of a simulated run: two streams with half a million writes each at 1,000 per second, an outage of three
 * seconds in the middle, and all acknowledged writes read back except three, whose numbers it prints.
 */
public class MillionWrites {

    private static final int EACH = 500_000;
    private static final int BLOCK = 1000;
    private static final long MILLI = 1_000_000;
    private static final long BREAK = EACH / 2 * MILLI;
    private static final long OUTAGE = 3000 * MILLI;

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        try (LedgerFile ledger = new LedgerFile(folder.resolve("ledger.jsonl"), entry -> {})) {
            ledger.note(Kind.RUN_STARTED, Map.of("command", "drill", "estate", "made-up"));
            ledger.note(Kind.DRILL, drill());
            mark(ledger, "fault", BREAK);
            mark(ledger, "in effect", BREAK + MILLI);
            mark(ledger, "repair", BREAK + 2 * OUTAGE);
            mark(ledger, "healthy", BREAK + 3 * OUTAGE);
            writes(folder);
            ledger.note(Kind.RUN_ENDED, Map.of("refused", false, "sealed", RunDirectory.seals(folder)));
        }
    }

    private static void mark(LedgerFile ledger, String name, long at) {
        ledger.note(Kind.MARKED, Map.of("mark", name, "t_ns", at, "what", ""));
    }

    private static Map<String, Object> drill() {
        return Map.of(
                "drill", "made-up", "t_ns", 0L, "estate", "made-up", "target", "c/g", "engine", "postgresql",
                "clock_from", "fault", "clock_until", "repair",
                "objectives", Map.of("rpo_ms", 0, "rto_ms", 60_000),
                "streams", List.of(stream("first"), stream("second")),
                "claims", List.of("no-acknowledged-write-lost", "no-unexpected-writes", "fault-took-effect", "recovered-within-rto",
                        "loss-within-rpo", "recovery-phases-consistent", "estate-healthy"));
    }

    private static Map<String, Object> stream(String name) {
        return Map.of("name", name, "cluster", "c", "group", "g", "level", "w:majority", "promised", true,
                "affected", true, "touched", false, "per_second", 1000, "lanes", 1, "payload", 128);
    }

    private static void writes(Path folder) throws Exception {
        LongStream.Builder[] there = {LongStream.builder(), LongStream.builder()};
        try (WriteHistoryFile file = new WriteHistoryFile(folder.resolve("writes.bin"))) {
            for (int n = 0; n < EACH; n += BLOCK) {
                for (int stream = 0; stream < 2; stream++) {
                    block(file, stream, n, there[stream]);
                }
            }
        }
        for (int stream = 0; stream < 2; stream++) {
            int lost = 2 - stream;
            long[] ids = there[stream].build().skip(lost).toArray();
            ReadBackFile.write(folder, new ReadBackResult(stream, "n", ids, LongStream.range(0, ids.length).toArray()));
        }
        System.out.println("0, 1, " + BLOCK);
    }

    private static void block(WriteHistoryFile file, int stream, int from, LongStream.Builder there) {
        WriteHistoryFile.Block block = file.reserve(stream, stream, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            long due = (from + i) * MILLI;
            boolean out = due >= BREAK && due < BREAK + OUTAGE;
            WriteOutcome fate = out ? WriteOutcome.REFUSED : WriteOutcome.ACKNOWLEDGED;
            FailureReason reason = out ? FailureReason.NOT_REACHED : FailureReason.NONE;
            file.ended(stream, stream, block.first() + i, fate, reason, due, due, due + 5 * MILLI);
            if (!out) {
                there.add(block.first() + i);
            }
        }
    }
}
