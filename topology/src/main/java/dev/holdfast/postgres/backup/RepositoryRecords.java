package dev.holdfast.postgres.backup;

import dev.holdfast.execution.ScriptFormat;

/** The records of scripts that read a backup repository. */
public final class RepositoryRecords {

    /** {@code postgres/repository-look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat(
            "postgres/repository-look.sh",
            Repository.class,
            Other.class,
            Disk.class,
            Document.class,
            Range.class,
            History.class,
            Ended.class,
            Proven.class);

    /** {@code postgres/repository-search.sh}. */
    public static final ScriptFormat SEARCH = new ScriptFormat(
            "postgres/repository-search.sh", LastCommit.class, FirstCommit.class, Match.class, Unread.class);

    /** {@code postgres/repository-tablespaces.sh}. */
    public static final ScriptFormat TABLESPACES = new ScriptFormat("postgres/repository-tablespaces.sh", Space.class);

    private RepositoryRecords() {}

    /** The kind of a position in the archive: a restore point, a commit, or a commit that removed tables. */
    public enum MatchKind {
        POINT,
        XID,
        DROP
    }

    /** @param id the system identifier of its servers */
    record Repository(String id) {}

    /** Another repository in the same directory. */
    record Other(String id) {}

    /** @param free bytes; -1 when unknown, as {@code size} */
    record Disk(long free, long size) {}

    /** @param json the output of {@code pgbackrest info}, which the caller parses */
    record Document(String json) {}

    /** Archived segments without a gap, of one timeline. */
    record Range(String first, String last) {}

    /** @param timeline of an archived history file, in hexadecimal digits */
    record History(String timeline) {
        int number() {
            return Integer.parseUnsignedInt(timeline, 16);
        }
    }

    /**
     * The end of an earlier timeline in a history file.
     *
     * @param timeline of the history file, in hexadecimal digits
     * @param of the timeline that ended
     */
    record Ended(String timeline, int of, String lsn) {}

    record Proven(String time) {}

    record LastCommit(String segment, String time, String lsn) {}

    record FirstCommit(String from, String segment, String time) {}

    /**
     * A position in the archive.
     *
     * @param time of a commit; empty for a restore point
     * @param xid of a commit that removed tables; empty otherwise
     */
    public record Match(MatchKind kind, String segment, String lsn, String time, String xid) {}

    record Unread(String segment, String reason) {}

    record Space(String oid, String location) {}
}
