package dev.holdfast.cli.exec;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;

/**
 * The SSH connection to one host, and the reason when there is none.
 *
 * <p>A host that is unreachable or frozen is noticed within seconds: a connection attempt by its time limit, an open
 * connection by keep-alive. A caller during an attempt shares its result, so many probes of a dead host take no longer
 * than one.
 */
final class SshConnection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 3000;
    private static final int TIMEOUT_MILLIS = 6000;
    private static final int KEEPALIVE_SECONDS = 3;
    private static final int KEEPALIVES_MISSED = 3;

    private final Function<SshTarget, SshConnection> jumpHosts;
    private final String label;
    private final Source source;
    private final Queue<SSHClient> givenUp = new ArrayDeque<>();
    private SSHClient client;
    private volatile SshTarget target;
    private HostKeyVerifier known;
    private IOException failure;
    private long failed;

    /** Finds the server to connect to, when a connection is needed first. */
    interface Source {
        SshTarget find() throws SshFailure;
    }

    /**
     * @param jumpHosts the connection to each jump host
     * @param label the server for people, until the source has found it
     */
    SshConnection(Function<SshTarget, SshConnection> jumpHosts, String label, Source source) {
        this.jumpHosts = jumpHosts;
        this.label = label;
        this.source = source;
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
        if (target == null) {
            target = source.find();
        }
        SSHClient fresh = new SSHClient(SshAlgorithms.CONFIG);
        try {
            fresh.setSocketFactory(new NoDelay());
            known = new HostKeyVerifier(target.knownHosts(), target.hostKeyAlias());
            fresh.addHostKeyVerifier(known);
            fresh.setConnectTimeout(CONNECT_MILLIS);
            fresh.setTimeout(TIMEOUT_MILLIS);
            fresh.getTransport().setTimeoutMs(TIMEOUT_MILLIS);
            fresh.getConnection().setTimeoutMs(TIMEOUT_MILLIS);
            KeepAliveRunner alive = (KeepAliveRunner) fresh.getConnection().getKeepAlive();
            alive.setKeepAliveInterval(KEEPALIVE_SECONDS);
            alive.setMaxAliveCount(KEEPALIVES_MISSED);
            if (target.via().isPresent()) {
                connect(fresh, jumpHosts.apply(target.via().get()));
            } else {
                fresh.connect(target.hostName(), target.port());
            }
            logIn(fresh);
            return fresh;
        } catch (IOException refused) {
            fresh.close();
            throw refused;
        }
    }

    /** Connects through a jump host; a server that accepts the connection and stays silent is given up after the limit. */
    private void connect(SSHClient fresh, SshConnection jump) throws IOException {
        DirectConnection channel = channel(jump);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicBoolean isLate = new AtomicBoolean();
        CompletableFuture.delayedExecutor(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
            if (!isOver.get()) {
                isLate.set(true);
                closed(channel);
            }
        });
        try {
            fresh.connectVia(channel);
        } catch (IOException | IllegalStateException lost) {
            if (isLate.get()) {
                throw new SshFailure("no answer of the SSH server within " + TIMEOUT_MILLIS / 1000
                        + " s, through jump host " + jump.at());
            }
            throw lost;
        } finally {
            isOver.set(true);
        }
    }

    private static void closed(Closeable channel) {
        try {
            channel.close();
        } catch (IOException | IllegalStateException alreadyGone) {
            return;
        }
    }

    /** Opens a channel through a jump host. When its connection is found to be lost, it is opened again and retried. */
    private DirectConnection channel(SshConnection jump) throws IOException {
        SSHClient tried = opened(jump);
        try {
            return tried.newDirectConnection(target.hostName(), target.port());
        } catch (OpenFailException refused) {
            throw new SshFailure(refusal(jump, refused));
        } catch (IOException | IllegalStateException lost) {
            if (lost.getCause() instanceof TimeoutException) {
                throw new SshFailure("jump host " + jump.at() + " did not connect to the host within "
                        + TIMEOUT_MILLIS / 1000 + " s");
            }
            jump.giveUp(tried);
        }
        try {
            return opened(jump).newDirectConnection(target.hostName(), target.port());
        } catch (OpenFailException refused) {
            throw new SshFailure(refusal(jump, refused));
        }
    }

    private static SSHClient opened(SshConnection jump) throws SshFailure {
        try {
            return jump.client();
        } catch (IOException refused) {
            throw new SshFailure("jump host " + jump.description(refused));
        }
    }

    private static String refusal(SshConnection jump, OpenFailException refused) {
        return refused.getReason() == OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED
                ? "jump host " + jump.at()
                        + " does not permit the connection (AllowTcpForwarding, PermitOpen, or permitopen"
                        + " of the key): " + refused.getMessage()
                : "jump host " + jump.at() + " cannot connect to the host: " + refused.getMessage();
    }

    private void logIn(SSHClient fresh) throws IOException {
        SshCredentials credentials = SshCredentials.of(target, fresh);
        if (credentials.methods().isEmpty()) {
            throw new SshFailure(credentials.none());
        }
        try {
            fresh.auth(target.user(), credentials.methods());
        } catch (UserAuthException refused) {
            throw new SshFailure(credentials.refused(refused.getMessage()));
        } catch (TransportException ended) {
            if (ended.getMessage() != null && ended.getMessage().contains("Too many authentication failures")) {
                throw new SshFailure(credentials.refused(ended.getMessage()));
            }
            throw ended;
        }
    }

    /** Returns the server's address for people. */
    String at() {
        SshTarget found = target;
        return found == null ? label : found.at();
    }

    /** Returns why there is no connection, and what to check. */
    String description(Exception lost) {
        String at = at();
        if (lost instanceof SSHException ssh && ssh.getDisconnectReason() == DisconnectReason.HOST_KEY_NOT_VERIFIABLE) {
            return at + ": " + known.why();
        }
        if (lost instanceof UnknownHostException) {
            return at + ": this name has no address";
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
