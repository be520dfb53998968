package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupInventory.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The result of the verification of a repository: {@code postgres/repository-verify.sh}.
 *
 * @param segments names of damaged WAL segments
 * @param labels of base backups with a damaged or missing file
 * @param findings one problem for each damaged piece
 * @param isWhole whether the verification read every piece
 */
public record RepositoryVerification(
        List<String> segments, List<String> labels, List<Finding> findings, boolean isWhole) {

    private static final Pattern BAD_SEGMENT = Pattern.compile(".*?[0-9]+-[0-9]+/[0-9A-F]{16}/([0-9A-F]{24})-.*");
    private static final Pattern BAD_COPY = Pattern.compile(".*?([0-9]{8}-[0-9]{6}F[0-9A-Z_]*)/([^' :]+).*");
    private static final Pattern REPORTED = Pattern.compile(
            ".*(?:INFO|WARN|ERROR): *(?:\\[[0-9]+\\]:? *)?(invalid (?:checksum|size|result|file)|file missing|missing file|missing|unable to open missing file)(.*)");

    static RepositoryVerification of(String cluster, String output) {
        List<Finding> findings = new ArrayList<>();
        List<String> segments = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (String line : output.lines().toList()) {
            Matcher found = REPORTED.matcher(line);
            if (!found.matches()) {
                continue;
            }
            String what = found.group(1).replace("result", "content");
            Matcher segment = BAD_SEGMENT.matcher(found.group(2));
            Matcher copy = BAD_COPY.matcher(found.group(2));
            if (segment.matches()) {
                segments.add(segment.group(1));
                findings.add(new Finding(
                        segment.group(1),
                        what + " of an archived segment",
                        "if a member still has the segment in pg_wal, remove the damaged file and archive the "
                                + "segment again; otherwise make a full backup now"));
            } else if (copy.matches()) {
                labels.add(copy.group(1));
                findings.add(new Finding(
                        copy.group(1) + "/" + copy.group(2),
                        what + " in a base backup",
                        "make a full backup now; backups that depend on it cannot be restored"));
            } else {
                findings.add(new Finding(
                        cluster,
                        found.group(1) + found.group(2),
                        "check the disk and the files of the " + "repository"));
            }
        }
        boolean isEnded = output.contains("verify command end: completed successfully");
        if (findings.isEmpty() && (output.contains("ERROR:") || output.contains("status: error"))) {
            findings.add(new Finding(
                    cluster,
                    "pgbackrest verify: " + last(output),
                    "check the disk and the files of the " + "repository"));
        } else if (!isEnded) {
            findings.add(new Finding(
                    cluster,
                    "pgbackrest verify did not finish: " + last(output),
                    "run holdfast backup " + "verify again"));
        }
        return new RepositoryVerification(segments, labels, findings, isEnded);
    }

    private static String last(String output) {
        List<String> lines = output.lines().toList();
        return lines.isEmpty() ? "no output" : lines.get(lines.size() - 1);
    }

    /** Returns at most four damaged pieces as one sentence; empty without damage. */
    public String damage() {
        String some = findings.stream()
                .filter(f -> segments.contains(f.where())
                        || labels.stream().anyMatch(l -> f.where().startsWith(l + "/")))
                .limit(4)
                .map(f -> f.where() + ": " + f.what())
                .collect(Collectors.joining("; "));
        int more = segments.size() + labels.size() - 4;
        return more > 0 ? some + "; and " + more + " more" : some;
    }
}
