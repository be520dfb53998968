package dev.holdfast.postgres.state;

import dev.holdfast.postgres.value.Lsn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a member's host says of its folder: {@code postgres/look.sh}.
 *
 * @param major the database's major version; 0 when there is no database
 * @param part what the database would start as: primary, standby or recovery; empty when there is none
 * @param isOdd there is a data folder, but no database in it
 * @param control the control file of a server that is not running
 * @param files configuration files without comments, by name
 * @param written when the newest of them was written, in seconds since 1970
 * @param closed a folder on the way that the servers' user may not pass; empty when the way is open
 * @param marks lines that changes of roles have left there, by kind: fence, rewind, history, took, override,
 *     left, kept, rows, rewound, unread, changed; owner: the user that the folder belongs to, where it must be root;
 *     needs: what the log of a running standby needs of its settings; port: the port of a server that runs
 */
public record DataDirectoryState(
        int major,
        String part,
        boolean isOdd,
        Map<String, String> control,
        Map<String, List<String>> files,
        double written,
        String closed,
        Map<String, String> marks) {

    public static DataDirectoryState of(String id, String message) {
        int major = 0;
        String part = "";
        boolean odd = false;
        double written = 0;
        String closed = "";
        Map<String, String> control = new LinkedHashMap<>();
        Map<String, List<String>> files = new LinkedHashMap<>();
        Map<String, String> marks = new LinkedHashMap<>();
        for (String line : message.lines().toList()) {
            String[] f = line.split("\t", 4);
            if (f.length < 2 || !f[1].equals(id)) {
                continue;
            }
            switch (f[0]) {
                case "data" -> {
                    major = Integer.parseInt(f[2]);
                    part = f[3];
                }
                case "odd" -> odd = true;
                case "control" -> control.put(f[2], f[3]);
                case "file" ->
                    files.computeIfAbsent(f[2], n -> new ArrayList<>()).add(f[3]);
                case "written" -> written = Double.parseDouble("0" + f[2]);
                case "closed" -> closed = f[2];
                case "fence",
                        "rewind",
                        "history",
                        "took",
                        "override",
                        "left",
                        "kept",
                        "rows",
                        "rewound",
                        "unread",
                        "needs",
                        "port",
                        "owner",
                        "changed" -> marks.put(f[0], line.split("\t", 3)[2]);
                default -> {
                    continue;
                }
            }
        }
        return new DataDirectoryState(major, part, odd, control, files, written, closed, marks);
    }

    public boolean hasDatabase() {
        return major > 0;
    }

    public boolean wouldBePrimary() {
        return hasDatabase() && part.equals("primary");
    }

    public Optional<FenceMark> fence() {
        return Optional.ofNullable(marks.get("fence")).map(FenceMark::of);
    }

    /** The newest line of its record of who was in sync and who was primary. */
    public Optional<SyncHistoryEntry> history() {
        return Optional.ofNullable(marks.get("history")).flatMap(SyncHistoryEntry::of);
    }

    /** Where the log of a stopped standby ends; its control file may know of less. */
    Lsn end() {
        Lsn recovered = Lsn.at(control.getOrDefault("recovery_lsn", ""));
        Lsn log = Lsn.at(control.getOrDefault("log_end", ""));
        return log.isPast(recovered) ? log : recovered;
    }

    /** Why it must not be rewound: a rewind was begun and has not ended. */
    public Optional<String> brokenRewind() {
        return Optional.ofNullable(marks.get("rewind"))
                .map(r -> "a rewind " + r
                        + " was begun and has not ended; a second one would leave a folder that is not whole");
    }

    /** The user that the folder belongs to; empty where that is the user that Holdfast works as, or that user is not root. */
    public Optional<String> owner() {
        return Optional.ofNullable(marks.get("owner"));
    }

    /** Why the rows that only it has could not be written out; empty when they could, or nobody tried. */
    public Optional<String> unread() {
        return Optional.ofNullable(marks.get("unread")).map(u -> {
            String[] f = u.split("\t", 2);
            return "the rows that only it has could not be written out to kept/" + f[0]
                    + (f.length > 1 ? ": " + f[1] : "");
        });
    }

    /** The newest timeline that its control file or, of a primary, its WAL shows; the control file lags behind a promotion. */
    int timeline() {
        int known = Math.max(
                Integer.parseInt(control.getOrDefault("wal_timeline", "0")),
                Integer.parseInt(control.getOrDefault("timeline", "0")));
        return Math.max(known, Integer.parseInt(control.getOrDefault("recovery_timeline", "0")));
    }
}
