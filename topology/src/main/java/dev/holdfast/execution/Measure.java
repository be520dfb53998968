package dev.holdfast.execution;

/**
 * A quantity that a probe observes for monitoring, with its name, unit and subject. Names and units follow the conventions of
 * Prometheus: base units, and a name that ends with its unit.
 */
public enum Measure {
    HAS_PRIMARY(Subject.GROUP, "group_has_primary", "Whether exactly one primary answers."),
    PRIMARIES(Subject.GROUP, "group_primaries", "Servers that answer as primary."),
    WRITABLE(
            Subject.GROUP,
            "group_writable",
            "Whether the primary can acknowledge a write: enough synchronous standbys or voting members follow it."),
    SYNC_STANDBYS(Subject.GROUP, "group_sync_standbys", "Synchronous standbys that follow the primary."),
    SYNC_STANDBYS_DECLARED(
            Subject.GROUP, "group_sync_standbys_declared", "Synchronous standbys that commits wait for, as declared."),
    TERM(Subject.GROUP, "group_term", "Election term of the replica set. Each election begins a new one."),
    TIMELINE(Subject.NODE, "node_timeline", "Timeline of the server's WAL. Each promotion begins a new one."),
    FENCED(Subject.NODE, "node_fenced", "Whether a fence blocks the start of the server until it is rejoined."),
    LAG_BYTES(
            Subject.NODE,
            "replication_lag_bytes",
            Unit.BYTES,
            "WAL of the primary that the member has not replayed yet."),
    LAG_SECONDS(
            Subject.NODE,
            "replication_lag_seconds",
            Unit.SECONDS,
            "Time by which the member is behind the primary, without a declared delay."),
    STREAMING(Subject.NODE, "replication_streaming", "Whether the primary sends WAL to the standby."),
    SLOT_ACTIVE(Subject.NODE, "slot_active", "Whether a member uses the replication slot of the primary."),
    SLOT_RETAINED(
            Subject.NODE, "slot_retained_bytes", Unit.BYTES, "WAL that the primary keeps for the replication slot."),
    PROXY_ROUTE(
            Subject.NODE,
            "proxy_routes_to_primary",
            "Whether the proxy sends writes to the observed primary, and to no other server."),
    OPLOG_WINDOW(
            Subject.NODE,
            "oplog_window_seconds",
            Unit.SECONDS,
            "Time between the first and the last operation in the oplog of the member."),
    OPLOG_SIZE(Subject.NODE, "oplog_size_bytes", Unit.BYTES, "Size to which the oplog can grow."),
    ARCHIVE_FAILING(Subject.GROUP, "archive_failing", "Whether the last attempt to archive failed."),
    ARCHIVE_FAILURES(Subject.GROUP, "archive_failures", "Failed attempts to archive a WAL segment."),
    ARCHIVE_WAITING(Subject.GROUP, "archive_waiting_segments", "WAL segments that wait to be archived."),
    ARCHIVE_LAG(
            Subject.GROUP,
            "archive_lag_seconds",
            Unit.SECONDS,
            "Age of the oldest WAL segment or operation that is not archived yet."),
    BACKUP_STARTED(
            Subject.CLUSTER,
            "backup_started_timestamp_seconds",
            Unit.SECONDS,
            "Start time of the newest base backup, in seconds since 1970."),
    RESTORE_VERIFIED(
            Subject.CLUSTER,
            "restore_verified_timestamp_seconds",
            Unit.SECONDS,
            "Time of the last verified restore from the repository, in seconds since 1970."),
    HOST_REACHABLE(Subject.HOST, "host_reachable", "Whether the host answers Holdfast's question about its nodes.");

    /** What a measure is about: its measurements have the labels of it. */
    public enum Subject {
        CLUSTER,
        GROUP,
        NODE,
        HOST
    }

    /** The base unit of a measure. */
    public enum Unit {
        NONE,
        BYTES,
        SECONDS
    }

    private final Subject subject;
    private final String words;
    private final Unit unit;
    private final String description;

    Measure(Subject subject, String words, String description) {
        this(subject, words, Unit.NONE, description);
    }

    Measure(Subject subject, String words, Unit unit, String description) {
        this.subject = subject;
        this.words = words;
        this.unit = unit;
        this.description = description;
    }

    public Subject subject() {
        return subject;
    }

    /** Returns the name of the metric; a counter's samples have a further suffix. */
    public String metric() {
        return "holdfast_" + words;
    }

    public Unit unit() {
        return unit;
    }

    public String description() {
        return description;
    }

    /** Returns whether the value only grows, until the server resets it. */
    public boolean isCounter() {
        return this == ARCHIVE_FAILURES;
    }
}
