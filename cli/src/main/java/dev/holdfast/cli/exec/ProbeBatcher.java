package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends probes that go to one remote host at about the same time as one command.
 *
 * <ol>
 *   <li>The first probe opens the connection and waits a moment; others of the same limit join it.
 *   <li>One program runs them in parallel on the host, each in its own shell and with its own limit. It passes their output
 *       from pipe to pipe: no file is written, and no part of a probe is in an argument.
 *   <li>A unique mark ends the output of each. A probe without its mark counts as not answered.
 * </ol>
 *
 * Invariant: a probe that hangs ends before the limit of the others, so that these are answered.
 */
public final class ProbeBatcher {

    private static final Duration MOMENT = Duration.ofMillis(20);
    /** How much earlier than its limit a probe ends on the host, so that the others still get their results. */
    private static final Duration EARLIER = Duration.ofMillis(1500);

    private static final int LATE = 124;
    private static final int KILLED = 137;
    private static final int MARK_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Runs one probe; its output is passed on, and its standard error and exit code follow the mark. */
    private static final String PART = """
            part() {
              { errors=$( { timeout -k 1 "$1" sh -s >&8; } 2>&1 ); code=$?; } 8>&1
              printf '\\n%s %s\\n%s\\n%s\\n' "$2" "$code" "$errors" "$2"
            }
            """;

    /** The probes that one command contains. */
    public static final class Batch {
        private final List<String> programs = new ArrayList<>();
        private final CompletableFuture<List<ActionResult>> answers = new CompletableFuture<>();
    }

    /**
     * The place of one probe in its batch.
     *
     * @param isFirst whether its caller sends the batch
     */
    public record BatchedProbe(Batch batch, int number, boolean isFirst) {

        /** Waits until the batch has its results. */
        public ActionResult answer() {
            return batch.answers.join().get(number);
        }
    }

    private final CommandRunner shell;
    private final Duration limit;
    private Batch open;

    /** @param limit of each probe */
    public ProbeBatcher(CommandRunner runner, Duration limit) {
        this.shell = runner;
        this.limit = limit;
    }

    public synchronized BatchedProbe join(String program) {
        boolean isFirst = open == null;
        open = isFirst ? new Batch() : open;
        open.programs.add(program);
        return new BatchedProbe(open, open.programs.size() - 1, isFirst);
    }

    /** Sends a batch, after concurrent callers have joined it. */
    public void send(Batch batch) {
        try {
            shell.open();
            TimeUnit.NANOSECONDS.sleep(MOMENT.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        close(batch);
        try {
            batch.answers.complete(
                    batch.programs.size() == 1
                            ? List.of(shell.run(batch.programs.get(0), limit))
                            : together(batch.programs));
        } catch (RuntimeException broken) {
            batch.answers.completeExceptionally(broken);
        }
    }

    /** Completes a batch that took too long; a completed batch is unchanged. */
    public void giveUp(Batch batch, ActionResult why) {
        close(batch);
        batch.answers.complete(Collections.nCopies(batch.programs.size(), why));
    }

    private synchronized void close(Batch batch) {
        open = open == batch ? null : open;
    }

    private List<ActionResult> together(List<String> programs) {
        String mark = mark();
        ActionResult all = shell.run(program(programs, limit.minus(EARLIER), mark), limit);
        List<ActionResult> answers = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            int number = i;
            answers.add(all.isOk() ? part(all.text(), mark + i, limit).orElseGet(() -> unmarked(number)) : all);
        }
        return answers;
    }

    private static ActionResult unmarked(int number) {
        return ActionResult.silent("the answer was truncated (probe " + (number + 1) + " of several)");
    }

    private static String mark() {
        byte[] bytes = new byte[MARK_BYTES];
        RANDOM.nextBytes(bytes);
        return "hf" + HexFormat.of().formatHex(bytes) + "-";
    }

    /** Each part runs while the parts before it pass on their output; its own output follows theirs. */
    static String program(List<String> programs, Duration limit, String mark) {
        String seconds = String.format(Locale.ROOT, "%.3f", Math.max(500, limit.toMillis()) / 1000.0);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < programs.size(); i++) {
            String part =
                    "printf '%s\\n' " + CommandRunner.quoted(programs.get(i)) + " | part " + seconds + " " + mark + i;
            if (i == 0) {
                all.append(part);
            } else {
                all.insert(0, "{ ")
                        .append("; } | { own=$( ")
                        .append(part)
                        .append(" ); cat; printf '%s\\n' \"$own\"; }");
            }
        }
        return PART + all + "\n";
    }

    /** Returns the result whose output ends with that mark; empty when the mark is missing. */
    static Optional<ActionResult> part(String text, String mark, Duration limit) {
        int end = text.indexOf("\n" + mark + " ");
        int close = text.indexOf("\n" + mark + "\n", end + 1);
        if (end < 0 || close < 0) {
            return Optional.empty();
        }
        int line = text.indexOf('\n', end + 1);
        int code = Integer.parseInt(text.substring(end + mark.length() + 2, line));
        String problems = close > line ? text.substring(line + 1, close) : "";
        int begin = begin(text, mark, end);
        if (code == LATE || code == KILLED) {
            return Optional.of(ActionResult.silent(CommandRunner.late(limit, problems)));
        }
        return Optional.of(LocalCommandRunner.answer(code, text.substring(begin, end), problems));
    }

    /** Returns where the output of a part begins: after the mark of the part before it. */
    private static int begin(String text, String mark, int end) {
        int number = Integer.parseInt(mark.substring(mark.lastIndexOf('-') + 1));
        if (number == 0) {
            return 0;
        }
        String before = "\n" + mark.substring(0, mark.lastIndexOf('-') + 1) + (number - 1) + "\n";
        return text.lastIndexOf(before, end) + before.length();
    }
}
