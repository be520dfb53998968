package dev.holdfast.cli.exec;

import dev.holdfast.model.HostAccess;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.userauth.UserAuthException;

/**
 * The SSH connection to one host, and the reason when there is none.
 *
 * <p>A host that is unreachable or frozen is noticed within seconds: a connection attempt by its time limit, an open
 * connection by keep-alive. A caller during an attempt shares its result, so many probes of a dead host take no longer
 * than one.
 */
final class SshConnection implements AutoCloseable {

    private static final List<String> USUAL_KEYS = List.of("id_rsa", "id_dsa", "id_ed25519", "id_ecdsa");

    private static final int CONNECT_MILLIS = 3000;
    private static final int TIMEOUT_MILLIS = 6000;
    private static final int KEEPALIVE_SECONDS = 3;
    private static final int KEEPALIVES_MISSED = 3;

    private final String address;
    private final HostAccess.Ssh reach;
    private final Queue<SSHClient> givenUp = new ArrayDeque<>();
    private SSHClient client;
    private HostKeyVerifier known;
    private IOException failure;
    private long failed;

    SshConnection(String address, HostAccess.Ssh reach) {
        this.address = address;
        this.reach = reach;
    }

    /** Returns an open connection, as far as is known. */
    SSHClient client() throws IOException {
        long asked = System.nanoTime();
        synchronized (this) {
            if (client != null && client.isConnected()) {
                return client;
            }
            if (failure != null && failed - asked > 0) {
                throw failure;
            }
            try {
                client = connected();
                failure = null;
                return client;
            } catch (IOException refused) {
                failure = refused;
                failed = System.nanoTime();
                throw refused;
            }
        }
    }

    /** Other threads can still read from it, so it is closed only at the end. */
    synchronized void giveUp(SSHClient lost) {
        if (client == lost) {
            client = null;
            givenUp.add(lost);
        }
    }

    private SSHClient connected() throws IOException {
        SSHClient fresh = new SSHClient(SshAlgorithms.CONFIG);
        try {
            fresh.setSocketFactory(new NoDelay());
            known = new HostKeyVerifier(new File(knownHosts()));
            fresh.addHostKeyVerifier(known);
            fresh.setConnectTimeout(CONNECT_MILLIS);
            fresh.setTimeout(TIMEOUT_MILLIS);
            fresh.getTransport().setTimeoutMs(TIMEOUT_MILLIS);
            fresh.getConnection().setTimeoutMs(TIMEOUT_MILLIS);
            KeepAliveRunner alive = (KeepAliveRunner) fresh.getConnection().getKeepAlive();
            alive.setKeepAliveInterval(KEEPALIVE_SECONDS);
            alive.setMaxAliveCount(KEEPALIVES_MISSED);
            fresh.connect(address, reach.port());
            if (reach.key().isEmpty()) {
                fresh.authPublickey(reach.user());
            } else {
                fresh.authPublickey(reach.user(), home(reach.key()));
            }
            return fresh;
        } catch (IOException refused) {
            fresh.close();
            throw refused;
        }
    }

    /** Returns why there is no key to log in with; empty when there is one. */
    private String noKey() {
        if (reach.key().isEmpty()) {
            return USUAL_KEYS.stream().map(k -> new File(home("~/.ssh/" + k))).anyMatch(File::exists)
                    ? ""
                    : "there is no key in " + home("~/.ssh") + " (" + String.join(", ", USUAL_KEYS)
                            + "); declare one: reach: { ssh: { user: " + reach.user() + ", key: FILE } }";
        }
        File key = new File(home(reach.key()));
        return !key.exists()
                ? "the key file " + key + " does not exist"
                : !key.canRead() ? "the key file " + key + " cannot be read by this user (ls -l " + key + ")" : "";
    }

    private String knownHosts() {
        return home(reach.knownHosts().isEmpty() ? "~/.ssh/known_hosts" : reach.knownHosts());
    }

    private static String home(String file) {
        return file.startsWith("~/") ? System.getProperty("user.home") + file.substring(1) : file;
    }

    /** Returns the server's address for people. */
    String at() {
        return address + (reach.port() == 22 ? "" : " port " + reach.port());
    }

    /** Returns why there is no connection, and what to check. */
    String description(Exception lost) {
        String at = at();
        if (lost instanceof SSHException ssh && ssh.getDisconnectReason() == DisconnectReason.HOST_KEY_NOT_VERIFIABLE) {
            return at + ": " + known.why();
        }
        String noKey = noKey();
        if (!noKey.isEmpty() && !(lost instanceof SocketException || lost instanceof SocketTimeoutException)) {
            return at + ": " + noKey;
        }
        if (lost instanceof UserAuthException) {
            return at + ": the key " + (reach.key().isEmpty() ? "in ~/.ssh" : home(reach.key()))
                    + " is not accepted for user " + reach.user() + ": " + lost.getMessage();
        }
        if (lost instanceof UnknownHostException) {
            return address + ": this name has no address";
        }
        if (lost instanceof ConnectException && !(lost instanceof NoRouteToHostException)) {
            return at + ": no SSH server listens there (" + lost.getMessage() + ")";
        }
        if (lost instanceof SocketTimeoutException) {
            return at + ": no answer to a connection attempt within " + CONNECT_MILLIS / 1000 + " s";
        }
        return at + ": " + (lost.getMessage() == null ? lost.toString() : lost.getMessage());
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            givenUp.add(client);
        }
        for (SSHClient one : givenUp) {
            try {
                one.close();
            } catch (IOException | IllegalStateException alreadyGone) {
                continue;
            }
        }
    }

    /** Without TCP_NODELAY every command waits 40 ms for a delayed acknowledgement. */
    private static final class NoDelay extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return new Socket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return new Socket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return new Socket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return new Socket(host, port, local, localPort);
        }
    }
}
