package dev.holdfast.model;

/** The way in which Holdfast opens a shell on a host. */
public sealed interface HostAccess {

    /** This host, possibly under a loopback address of its own. */
    record Local() implements HostAccess {}

    /**
     * A host that Holdfast reaches by SSH with a key; its host key must be known.
     *
     * @param key path of the private key on the host that runs Holdfast; empty means the agent's default keys
     * @param knownHosts path of the known_hosts file; empty means ~/.ssh/known_hosts
     */
    record Ssh(String user, int port, String key, String knownHosts) implements HostAccess {}
}
