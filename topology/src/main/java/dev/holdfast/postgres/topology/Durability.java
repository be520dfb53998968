package dev.holdfast.postgres.topology;

/** The durability of an acknowledged commit. */
public enum Durability {
    /**
     * synchronous_commit=on; writes always wait for a synchronous standby, even when none follows; see {@link
     * AfterFailover}.
     */
    PROTECT,
    /** synchronous_commit=on; when no synchronous standby follows, apply releases writes and reports it. */
    AVAILABLE,
    /** synchronous_commit=local: commits wait for no standby. */
    FAST
}
