package dev.holdfast.model;

/** The way in which Holdfast opens a shell on a host. */
public sealed interface HostAccess {

    /** This host, possibly under a loopback address of its own. */
    record Local() implements HostAccess {}

    /**
     * A host that Holdfast reaches by SSH with a key; its host key must be known. What is not declared here comes from the
     * operator's SSH client configuration, so that each operator can have a login and keys of their own.
     *
     * @param user login name; empty means the one of the SSH client configuration
     * @param port port of the SSH server; 0 means the one of the SSH client configuration
     * @param key path of the private key on the host that runs Holdfast; empty means the keys of the agent and of the
     *     SSH client configuration
     * @param knownHosts path of the known_hosts file; empty means the files of the SSH client configuration
     * @param host name or alias that SSH connects to; empty means the host's address
     * @param config path of the SSH client configuration; empty means the usual ones, and "none" means no file
     * @param isBySudo whether scripts run as root by sudo, because the login is another user
     */
    record Ssh(String user, int port, String key, String knownHosts, String host, String config, boolean isBySudo)
            implements HostAccess {

        /** Returns the name under which the SSH client configuration knows a host with this address. */
        public String name(String address) {
            return host.isEmpty() ? address : host;
        }

        /** Returns a key that is the same for two hosts on one machine, as far as the topology tells. */
        public String machine(String address) {
            return address + " " + name(address) + " " + (port == 0 ? 22 : port);
        }
    }
}
