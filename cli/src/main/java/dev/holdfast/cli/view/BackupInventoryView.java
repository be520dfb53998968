package dev.holdfast.cli.view;

import dev.holdfast.backup.BackupInventory;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** The contents of a backup repository, as text and as data. */
public final class BackupInventoryView {

    private static final long UNIT = 1024;

    private final PrintWriter out;
    private final Instant now;

    public BackupInventoryView(PrintWriter out, Instant now) {
        this.out = out;
        this.now = now;
    }

    public void print(BackupInventory held) {
        out.println(held.cluster() + "  in " + held.repository() + "  " + size(held.bytes()));
        out.println("  " + held.sentence());
        held.windows()
                .forEach(w -> out.println("  recoverable  " + w.from() + " to " + w.to()
                        + (w.bounds().isEmpty() ? "" : "  (" + w.bounds() + ")")
                        + (w.isLeft() ? "  with --timeline " + w.timeline().orElseThrow() : "")));
        out.println("  not archived yet  "
                + held.waiting()
                        .map(w -> size(w.bytes()) + String.format(Locale.ROOT, ", %.1f s", w.seconds()))
                        .orElse("unknown"));
        out.println("  last verified restore  "
                + held.proven().map(p -> ago(p, now) + " ago, " + p).orElse("never"));
        for (BackupInventory.Backup copy : held.backups()) {
            out.printf(
                    "  %-34s %-12s %s  %s%s%n",
                    copy.label(), copy.kind(), copy.stopped(), size(copy.bytes()), facts(copy.facts()));
        }
        held.notes().forEach(n -> out.println("  note: " + n));
    }

    public static Map<String, Object> data(BackupInventory held, Instant now) {
        return ResultData.map(
                "cluster",
                held.cluster(),
                "repository",
                held.repository(),
                "summary",
                held.sentence(),
                "bytes",
                held.bytes() < 0 ? null : held.bytes(),
                "windows",
                held.windows().stream()
                        .map(w -> ResultData.map(
                                "from",
                                w.from().toString(),
                                "to",
                                w.to().toString(),
                                "bounds",
                                w.bounds(),
                                "timeline",
                                w.timeline().orElse(null),
                                "left",
                                w.isLeft()))
                        .toList(),
                "not_archived_bytes",
                held.waiting().map(BackupInventory.ArchiveLag::bytes).orElse(null),
                "not_archived_seconds",
                held.waiting().map(BackupInventory.ArchiveLag::seconds).orElse(null),
                "verified_at",
                held.proven().map(Instant::toString).orElse(null),
                "verified_age_s",
                held.proven().map(p -> Duration.between(p, now).toSeconds()).orElse(null),
                "backups",
                held.backups().stream().map(BackupInventoryView::data).toList(),
                "findings",
                held.findings().stream()
                        .map(f -> ResultData.map("where", f.where(), "what", f.what(), "hint", f.hint()))
                        .toList(),
                "notes",
                held.notes());
    }

    private static Map<String, Object> data(BackupInventory.Backup copy) {
        return ResultData.map(
                "label", copy.label(),
                "kind", copy.kind(),
                "started", copy.started().toString(),
                "stopped", copy.stopped().toString(),
                "bytes", copy.bytes() < 0 ? null : copy.bytes(),
                "facts", copy.facts());
    }

    private static String facts(Map<String, Object> facts) {
        StringBuilder all = new StringBuilder();
        facts.forEach((k, v) -> all.append("  ").append(k).append('=').append(v));
        return all.toString();
    }

    private static String size(long bytes) {
        if (bytes < 0) {
            return "size unknown";
        }
        if (bytes < UNIT * UNIT) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / (double) UNIT);
        }
        return bytes < UNIT * UNIT * UNIT
                ? String.format(Locale.ROOT, "%.1f MB", bytes / (double) (UNIT * UNIT))
                : String.format(Locale.ROOT, "%.2f GB", bytes / (double) (UNIT * UNIT * UNIT));
    }

    private static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        return age.toHours() >= 48
                ? age.toDays() + " d"
                : age.toMinutes() >= 120 ? age.toHours() + " h" : age.toMinutes() + " min";
    }
}
