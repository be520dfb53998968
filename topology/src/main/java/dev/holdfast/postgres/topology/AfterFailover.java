package dev.holdfast.postgres.topology;

/** The effect of durability protect after a failover, until the declared number of synchronous standbys follow again. */
public enum AfterFailover {
    /** Commits wait for a synchronous standby. */
    WAIT,
    /** The new primary acknowledges without one; failover announces this, plan lists it and status reports it. */
    SERVE
}
