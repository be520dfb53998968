package dev.holdfast.postgres.automatic;

import dev.holdfast.execution.ScriptFormat;

/** The records that a host reports about its Patroni and its etcd. */
public final class AutomaticRecords {

    /** {@code patroni/look.sh}. */
    public static final ScriptFormat PATRONI = new ScriptFormat(
            "patroni/look.sh",
            Agent.class,
            Line.class,
            Unread.class,
            Rest.class,
            View.class,
            Dynamic.class,
            Mute.class);

    /** {@code etcd/look.sh}. */
    public static final ScriptFormat ETCD = new ScriptFormat(
            "etcd/look.sh",
            Inputs.class,
            Edited.class,
            Stale.class,
            Closed.class,
            Born.class,
            Status.class,
            Silent.class);

    /** {@code etcd/auth-look.sh}. */
    public static final ScriptFormat AUTH = new ScriptFormat("etcd/auth-look.sh", Auth.class);

    private AutomaticRecords() {}

    /** Whether Patroni runs. */
    enum Process {
        UP,
        DOWN
    }

    enum Flag {
        YES,
        NO
    }

    /** The role that a Patroni reports of its own server. */
    enum OwnRole {
        PRIMARY,
        STANDBY,
        NONE
    }

    /** The role of a member, as a Patroni sees the cluster. */
    enum ViewedRole {
        LEADER,
        SYNC_STANDBY,
        STANDBY,
        OTHER
    }

    /** Whether etcd asks for a login, and whether Patroni's is accepted. */
    enum AuthState {
        ON,
        OFF,
        REFUSED
    }

    record Agent(String id, Process process) {}

    record Line(String id, String text) {}

    record Unread(String id) {}

    /** @param age seconds since it reached etcd; -1 when unknown */
    record Rest(
            String id,
            String version,
            OwnRole role,
            String state,
            int timeline,
            Flag pending,
            Flag paused,
            Flag unlocked,
            int age) {}

    /** @param lag bytes; -1 when unknown */
    record View(String id, String member, ViewedRole role, String state, int timeline, long lag) {}

    record Dynamic(String id, String key, String value) {}

    record Mute(String id, String reason) {}

    record Inputs(String id, String text) {}

    record Edited(String id) {}

    record Stale(String id) {}

    record Closed(String id, String folder) {}

    record Born(String id) {}

    /** @param leader the number of the leader, 0 when there is none; @param size bytes */
    record Status(String id, String version, String leader, String member, long size) {
        boolean hasLeader() {
            return !leader.equals("0");
        }

        boolean isLeader() {
            return leader.equals(member);
        }
    }

    record Silent(String id, String reason) {}

    record Auth(AuthState state) {}
}
