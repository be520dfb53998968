package dev.holdfast.postgres.state;

import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
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
 * @param role role in which the database would start: primary, standby or recovery; empty without a database
 * @param isOdd whether there is a data directory without a database
 * @param control the control file of a server that is not running
 * @param files configuration files without comments, by name
 * @param written modification time of the newest of them, in seconds since 1970
 * @param closed a directory on the path that the servers' user has no access to; empty when there is none
 * @param marks lines that role changes have written there, by kind: fence, rewind, other-wal, history, took, override, left, kept,
 *     preserved (rows and commits, as text), rewound, unread, changed; patroni: the file of its Patroni; owner: the user that owns the directory, where this must be root; needs: the settings that the
 *     WAL of a running standby needs; port and address: where a running server listens; running and
 *     program: the program file of a running server, and the one that a start would take, where they differ
 */
public record DataDirectoryState(
        int major,
        String role,
        boolean isOdd,
        ControlFile control,
        Map<String, List<String>> files,
        double written,
        String closed,
        Map<String, String> marks) {

    /** @param answer of the host, about the node with this id */
    public static DataDirectoryState of(String id, ScriptAnswer answer) {
        Optional<DirectoryRecords.Database> database =
                answer.first(DirectoryRecords.Database.class, d -> d.id().equals(id));
        Map<String, List<String>> files = new LinkedHashMap<>();
        answer.all(DirectoryRecords.File.class, f -> f.id().equals(id))
                .forEach(f ->
                        files.computeIfAbsent(f.name(), n -> new ArrayList<>()).add(f.line()));
        return new DataDirectoryState(
                database.map(DirectoryRecords.Database::major).orElse(0),
                database.map(d -> ScriptFormat.word(d.role())).orElse(""),
                answer.first(DirectoryRecords.Odd.class, o -> o.id().equals(id)).isPresent(),
                ControlFile.of(id, answer),
                files,
                answer.first(DirectoryRecords.Written.class, w -> w.id().equals(id))
                        .map(DirectoryRecords.Written::seconds)
                        .orElse(0.0),
                answer.first(DirectoryRecords.Closed.class, c -> c.id().equals(id))
                        .map(DirectoryRecords.Closed::folder)
                        .orElse(""),
                marks(id, answer));
    }

    private static Map<String, String> marks(String id, ScriptAnswer answer) {
        Map<String, String> marks = new LinkedHashMap<>();
        answer.all(DirectoryRecords.Mark.class, m -> m.id().equals(id))
                .forEach(m -> marks.put(ScriptFormat.word(m.kind()), m.text()));
        answer.first(DirectoryRecords.Port.class, p -> p.id().equals(id)).ifPresent(p -> {
            marks.put("port", Integer.toString(p.port()));
            marks.put("address", p.address());
        });
        answer.first(DirectoryRecords.ProgramFile.class, p -> p.id().equals(id)).ifPresent(p -> {
            marks.put("running", p.running());
            marks.put("program", p.desired());
        });
        answer.first(DirectoryRecords.Preserved.class, p -> p.id().equals(id))
                .ifPresent(p -> marks.put("preserved", p.rows() + " rows of " + p.commits() + " commits"));
        answer.first(DirectoryRecords.Unread.class, u -> u.id().equals(id))
                .ifPresent(u -> marks.put("unread", u.folder() + (u.reason().isEmpty() ? "" : ": " + u.reason())));
        return marks;
    }

    public boolean hasDatabase() {
        return major > 0;
    }

    public boolean wouldBePrimary() {
        return hasDatabase() && role.equals("primary");
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
        Lsn recovered = Lsn.at(control.recoveryLsn());
        Lsn wal = Lsn.at(control.walEnd());
        return wal.isPast(recovered) ? wal : recovered;
    }

    /** Returns why it must not be rewound: an earlier rewind has not finished. */
    public Optional<String> brokenRewind() {
        return Optional.ofNullable(marks.get("rewind"))
                .map(r -> "a rewind " + r
                        + " was started and has not finished; a second one would leave an inconsistent data directory");
    }

    /** Returns why only a new copy of the primary can replace its data, as an earlier run has recorded. */
    public Optional<String> otherWal() {
        return Optional.ofNullable(marks.get("other-wal"));
    }

    /** Returns whether Patroni runs this member, or did. */
    public boolean hasPatroni() {
        return marks.containsKey("patroni");
    }

    /** Returns the user that owns the directory; empty where Holdfast runs as this user, or does not run as root. */
    public Optional<String> owner() {
        return Optional.ofNullable(marks.get("owner"));
    }

    /** Returns why the rows that only it has could not be exported; empty when they were, or no export was tried. */
    public Optional<String> unread() {
        return Optional.ofNullable(marks.get("unread"))
                .map(u -> "the rows that only this member has could not be exported to kept/" + u);
    }
}
