package dev.holdfast.model;

/** How Holdfast gets a shell on a host. */
public sealed interface HostAccess {

    /** The host is this machine (possibly under a loopback address of its own). */
    record Local() implements HostAccess {}

    /**
     * The host is reached by SSH with a key; its host key must be known.
     *
     * @param key path of the private key on the machine that runs Holdfast; empty means the agent's usual ones
     * @param knownHosts path of the known_hosts file; empty means ~/.ssh/known_hosts
     */
    record Ssh(String user, int port, String key, String knownHosts) implements HostAccess {}
}
