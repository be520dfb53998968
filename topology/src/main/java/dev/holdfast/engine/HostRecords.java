package dev.holdfast.engine;

import dev.holdfast.execution.ScriptFormat;

/** The record types in the output of host scripts about the processes and directories of nodes, on every engine. */
public final class HostRecords {

    /** {@code host/look.sh}. */
    public static final ScriptFormat LOOK =
            new ScriptFormat("host/look.sh", Node.class, Occupant.class, Program.class, Unresolved.class);

    private HostRecords() {}

    /** The state of a node's process. */
    public enum ProcessState {
        UP,
        DOWN,
        UNKNOWN
    }

    /** The owner of a node's directory. */
    public enum Owner {
        ABSENT,
        OURS,
        FOREIGN
    }

    /** Whether a process listens on a port. */
    public enum PortState {
        FREE,
        TAKEN
    }

    /**
     * A node.
     *
     * @param pid the process id in its pid file; empty when there is none
     * @param owner the owner of its directory
     * @param reason why the state is unknown, or why a running process cannot answer; empty otherwise
     */
    public record Node(String id, ProcessState process, String pid, Owner owner, PortState port, String reason) {}

    /** Where another server of Holdfast is found. */
    enum Place {
        DIRECTORY,
        PORT
    }

    /**
     * Another server of Holdfast that has a node's directory or listens on its port.
     *
     * @param mark the estate and the node of that server
     * @param directory the directory of that server
     */
    record Occupant(String id, Place where, String mark, String directory) {}

    /** @param path of the program; empty when it is not found */
    record Program(String name, String path) {}

    /** A name of a host that has no address here. */
    record Unresolved(String name) {}
}
