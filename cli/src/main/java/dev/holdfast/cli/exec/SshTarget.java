package dev.holdfast.cli.exec;

import java.util.List;
import java.util.Optional;

/**
 * An SSH server with everything that a connection to it needs: the topology's values, completed from the SSH client
 * configuration.
 *
 * @param name the name or alias that was looked up in the SSH client configuration
 * @param keys paths of private keys, in the order in which they are offered
 * @param isKeyDeclared whether the topology declares the one key to use
 * @param isOnlyKeys whether keys of the agent are offered only when they are among these keys
 * @param agent socket of the SSH agent; empty means no agent
 * @param knownHosts paths of the known_hosts files
 * @param hostKeyAlias name of the host in the known_hosts files; empty means its host name
 * @param via the jump host, if the server is not reached directly
 */
record SshTarget(
        String name,
        String hostName,
        int port,
        String user,
        List<String> keys,
        boolean isKeyDeclared,
        boolean isOnlyKeys,
        String agent,
        List<String> knownHosts,
        String hostKeyAlias,
        Optional<SshTarget> via) {

    /** Returns the server for people: its name, with host name and port where they differ. */
    String at() {
        String port = port() == 22 ? "" : " port " + port();
        return name.equals(hostName) ? name + port : name + " (" + hostName + port + ")";
    }
}
