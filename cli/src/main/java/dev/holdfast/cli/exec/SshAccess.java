package dev.holdfast.cli.exec;

import dev.holdfast.model.HostAccess;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the connections to all hosts share: the SSH client configuration, and one connection to each jump host. */
public final class SshAccess implements AutoCloseable {

    private final SshClientConfig config;
    private final Map<SshTarget, SshConnection> jumps = new ConcurrentHashMap<>();

    public SshAccess(Map<String, String> environment) {
        this.config = new SshClientConfig(environment);
    }

    SshTarget target(String address, HostAccess.Ssh reach) throws SshFailure {
        return config.target(address, reach);
    }

    /** Returns the connection to a jump host, which is opened on demand. */
    SshConnection jump(SshTarget host) {
        return jumps.computeIfAbsent(host, h -> new SshConnection(this::jump, h.at(), () -> h));
    }

    @Override
    public void close() {
        jumps.values().forEach(SshConnection::close);
    }
}
