package dev.holdfast.postgres.backup;

import dev.holdfast.execution.ScriptFormat;

/** The records of scripts that read a backup repository. */
public final class RepositoryRecords {

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
