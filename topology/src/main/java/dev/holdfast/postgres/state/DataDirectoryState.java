package dev.holdfast.postgres.state;

import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.SettingLines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a member's directory, as its host reports it: {@code postgres/look.sh}.
 *
 * @param major the database's major version; 0 when there is no database
 * @param part role in which the database would start: primary, standby or recovery; empty without a database
 * @param isOdd whether there is a data directory without a database
 * @param control the control file of a server that is not running
 * @param files configuration files without comments, by name
 * @param written modification time of the newest of them, in seconds since 1970
 * @param closed a directory on the path that the servers' user has no access to; empty when there is none
 * @param marks lines that role changes have written there, by kind: fence, rewind, history, took, override, left, kept, rows,
 *     rewound, unread, changed; owner: the user that owns the directory, where this must be root; needs: the settings that the
 *     WAL of a running standby needs; port: the port of a running server
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

    /** Returns the newest line of its history of primaries and synchronous standbys. */
    public Optional<SyncHistoryEntry> history() {
        return Optional.ofNullable(marks.get("history")).flatMap(SyncHistoryEntry::of);
    }

    /** Returns the value of synchronous_standby_names in role.conf, even if the server has not read it. */
    public String synchronousNames() {
        String value = SettingLines.byName(files.getOrDefault("role.conf", List.of()))
                .getOrDefault("synchronous_standby_names", "''");
        return value.length() < 2 ? "" : value.substring(1, value.length() - 1).replace("''", "'");
    }

    /** Returns the end of WAL of a stopped standby; its control file may show an earlier LSN. */
    Lsn end() {
        Lsn recovered = Lsn.at(control.getOrDefault("recovery_lsn", ""));
        Lsn log = Lsn.at(control.getOrDefault("log_end", ""));
        return log.isPast(recovered) ? log : recovered;
    }

    /** Returns why it must not be rewound: an earlier rewind has not finished. */
    public Optional<String> brokenRewind() {
        return Optional.ofNullable(marks.get("rewind"))
                .map(r -> "a rewind " + r
                        + " was started and has not finished; a second one would leave an inconsistent data directory");
    }

    /** Returns the user that owns the directory; empty where Holdfast runs as this user, or does not run as root. */
    public Optional<String> owner() {
        return Optional.ofNullable(marks.get("owner"));
    }

    /** Returns why the rows that only it has could not be exported; empty when they were, or no export was tried. */
    public Optional<String> unread() {
        return Optional.ofNullable(marks.get("unread")).map(u -> {
            String[] f = u.split("\t", 2);
            return "the rows that only it has could not be exported to kept/" + f[0]
                    + (f.length > 1 ? ": " + f[1] : "");
        });
    }

    /** Returns the newest timeline in its control file or, for a primary, its WAL; the control file lags behind a promotion. */
    int timeline() {
        int known = Math.max(
                Integer.parseInt(control.getOrDefault("wal_timeline", "0")),
                Integer.parseInt(control.getOrDefault("timeline", "0")));
        return Math.max(known, Integer.parseInt(control.getOrDefault("recovery_timeline", "0")));
    }
}
