package dev.holdfast.cli.view;

import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Ledger.Entry;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The progress of a run on standard error, from the entries of its ledger. */
public abstract sealed class ProgressReporter implements Consumer<Entry>, AutoCloseable {

    /** Removes what is drawn, so that a result can be printed. */
    public void finish() {}

    @Override
    public void close() {
        finish();
    }

    public static ProgressReporter none() {
        return new None();
    }

    /** Prints one plain line when a step ends, for logs, cron and CI. */
    public static ProgressReporter lines(PrintWriter err) {
        return new Lines(err);
    }

    /** Prints every entry as a line of JSON. */
    public static ProgressReporter jsonLines(PrintWriter err) {
        return new JsonLines(err);
    }

    /** Draws a live line per active node, below the lines of completed steps. */
    public static ProgressReporter drawn(PrintWriter err, Map<String, String> environment) {
        return "dumb".equals(environment.get("TERM")) ? new Lines(err) : new Drawn(err, columns(environment));
    }

    /** Returns the width of the terminal. */
    public static int columns(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : 80;
    }

    private static final class None extends ProgressReporter {
        @Override
        public void accept(Entry entry) {}
    }

    private static final class JsonLines extends ProgressReporter {
        private final PrintWriter err;

        JsonLines(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void accept(Entry entry) {
            Map<String, Object> line = ResultData.map(
                    "at", entry.at().toString(), "kind", entry.kind().name());
            line.putAll(entry.facts());
            err.println(ResultData.jsonLine(line));
            err.flush();
        }
    }

    private static sealed class Lines extends ProgressReporter {
        final PrintWriter err;
        private Instant began;

        Lines(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void accept(Entry entry) {
            if (began == null) {
                began = entry.at();
            }
            String line = line(entry);
            if (line != null) {
                err.println(line);
                err.flush();
            }
        }

        /** Returns the line for an ended step or stage, or null. */
        String line(Entry entry) {
            String what = entry.facts().get("lane") + "  " + entry.facts().get("step");
            return switch (entry.kind()) {
                case STEP_DONE -> stamp(entry) + " done    " + what + took(entry);
                case STEP_SKIPPED -> stamp(entry) + " skipped " + what + ": its condition already holds";
                case STEP_FAILED ->
                    stamp(entry) + " FAILED  " + what + took(entry) + ": "
                            + entry.facts().get("why");
                case MENDED ->
                    stamp(entry) + " reverted  " + what + ": " + entry.facts().get("answer");
                case MARKED ->
                    entry.facts().get("mark").equals("phase")
                            ? null
                            : stamp(entry) + " drill   " + entry.facts().get("mark")
                                    + (entry.facts().get("what").equals("")
                                            ? ""
                                            : ": " + entry.facts().get("what"));
                case NOTED -> stamp(entry) + " note    " + entry.facts().get("note");
                default -> null;
            };
        }

        private String stamp(Entry entry) {
            return String.format(
                    Locale.ROOT, "[%6.2f]", Duration.between(began, entry.at()).toMillis() / 1000.0);
        }

        private static String took(Entry entry) {
            Object millis = entry.facts().get("took_ms");
            return millis instanceof Number number
                    ? String.format(Locale.ROOT, " (%.2f s)", number.doubleValue() / 1000)
                    : "";
        }
    }

    private static final class Drawn extends Lines {
        private final int columns;
        private final Map<Object, String> underWay = new LinkedHashMap<>();
        private int drawn;

        Drawn(PrintWriter err, int columns) {
            super(err);
            this.columns = columns;
        }

        @Override
        public void accept(Entry entry) {
            if (entry.kind() == Ledger.Kind.ASKED || entry.kind() == Ledger.Kind.ANSWERED) {
                return;
            }
            erase();
            super.accept(entry);
            Object lane = entry.facts().get("lane");
            switch (entry.kind()) {
                case STEP_STARTED ->
                    underWay.put(lane, "    ...  " + lane + "  " + entry.facts().get("step"));
                case STEP_DONE, STEP_FAILED -> underWay.remove(lane);
                default -> {}
            }
            underWay.values().forEach(l -> err.println(l.length() < columns ? l : l.substring(0, columns - 1)));
            drawn = underWay.size();
            err.flush();
        }

        private void erase() {
            for (int i = 0; i < drawn; i++) {
                err.print("\033[1A\033[2K");
            }
            drawn = 0;
        }

        @Override
        public void finish() {
            erase();
            err.flush();
        }
    }
}
