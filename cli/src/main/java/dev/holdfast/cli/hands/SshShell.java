package dev.holdfast.cli.hands;

import dev.holdfast.model.Reach;
import dev.holdfast.world.Answer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;

/** The shell of a host that is reached by SSH; one connection, made anew when it was lost. */
final class SshShell implements Shell {

    private static final int TIMEOUT_MILLIS = 5000;
    private static final int KEEPALIVE_SECONDS = 2;
    private static final int KEEPALIVES_MISSED = 3;
    /** sshd's MaxSessions is 10 unless raised. */
    private static final int CHANNELS = 8;

    private static final long LAST_WORDS_MILLIS = 3000;

    private final String address;
    private final Reach.Ssh reach;
    private final Executor readers;
    private final Semaphore channels = new Semaphore(CHANNELS);
    private final Queue<Session> held = new ConcurrentLinkedQueue<>();
    private final Queue<SSHClient> givenUp = new ConcurrentLinkedQueue<>();
    private SSHClient client;

    SshShell(String address, Reach.Ssh reach, Executor readers) {
        this.address = address;
        this.reach = reach;
        this.readers = readers;
    }

    @Override
    public Answer run(String program, Duration deadline) {
        channels.acquireUninterruptibly();
        try (Session session = session()) {
            Session.Command command = session.exec("sh -s");
            Heard out = new Heard(command.getInputStream(), readers);
            Heard err = new Heard(command.getErrorStream(), readers);
            try (OutputStream in = command.getOutputStream()) {
                in.write(program.getBytes(StandardCharsets.UTF_8));
            }
            command.join(deadline.toMillis(), TimeUnit.MILLISECONDS);
            Integer code = command.getExitStatus();
            if (code == null) {
                return Answer.silent("the command on " + address + " was ended by a signal or the connection was lost");
            }
            return LocalShell.answer(code, out.all(LAST_WORDS_MILLIS), err.all(LAST_WORDS_MILLIS));
        } catch (IOException | IllegalStateException lost) {
            return Answer.silent(address + ": " + lost.getMessage());
        } finally {
            channels.release();
        }
    }

    @Override
    public Answer hold(String program, Duration deadline) {
        try {
            Session session = session();
            Session.Command command = session.exec("sh -s");
            OutputStream in = command.getOutputStream();
            in.write(program.getBytes(StandardCharsets.UTF_8));
            in.flush();
            String first = CompletableFuture.supplyAsync(() -> firstLine(command.getInputStream()), readers)
                    .completeOnTimeout("", deadline.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (!first.isEmpty()) {
                held.add(session);
                return Answer.ok(first);
            }
            String why = new Heard(command.getErrorStream(), readers).all(LAST_WORDS_MILLIS);
            command.join(1, TimeUnit.SECONDS);
            Integer code = command.getExitStatus();
            session.close();
            return code == null ? Answer.silent(why) : Answer.refused(Integer.toString(code), why.strip());
        } catch (IOException | IllegalStateException lost) {
            return Answer.silent(address + ": " + lost.getMessage());
        }
    }

    private synchronized SSHClient connected() throws IOException {
        if (client != null && client.isConnected()) {
            return client;
        }
        DefaultConfig config = new DefaultConfig();
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        SSHClient fresh = new SSHClient(config);
        fresh.setSocketFactory(new NoDelay());
        fresh.addHostKeyVerifier(new OpenSSHKnownHosts(new File(
                reach.knownHosts().isEmpty()
                        ? System.getProperty("user.home") + "/.ssh/known_hosts"
                        : reach.knownHosts())));
        fresh.setConnectTimeout(TIMEOUT_MILLIS);
        fresh.setTimeout(TIMEOUT_MILLIS);
        fresh.getTransport().setTimeoutMs(TIMEOUT_MILLIS);
        fresh.getConnection().setTimeoutMs(TIMEOUT_MILLIS);
        KeepAliveRunner alive = (KeepAliveRunner) fresh.getConnection().getKeepAlive();
        alive.setKeepAliveInterval(KEEPALIVE_SECONDS);
        alive.setMaxAliveCount(KEEPALIVES_MISSED);
        try {
            fresh.connect(address, reach.port());
            if (reach.key().isEmpty()) {
                fresh.authPublickey(reach.user());
            } else {
                fresh.authPublickey(reach.user(), reach.key());
            }
        } catch (IOException refused) {
            fresh.close();
            throw refused;
        }
        client = fresh;
        return client;
    }

    /** A new channel; when the connection turns out to be lost nothing was said yet, so it is made anew and tried again. */
    private Session session() throws IOException {
        SSHClient tried = connected();
        try {
            return tried.startSession();
        } catch (IOException | IllegalStateException lost) {
            giveUp(tried);
            return connected().startSession();
        }
    }

    /** Others may still be reading from it, so it is closed only at the end. */
    private synchronized void giveUp(SSHClient lost) {
        if (client == lost) {
            client = null;
            givenUp.add(lost);
        }
    }

    private static String firstLine(InputStream stream) {
        try {
            StringBuilder line = new StringBuilder();
            for (int c = stream.read(); c >= 0 && c != '\n'; c = stream.read()) {
                line.append((char) c);
            }
            return line.toString();
        } catch (IOException lost) {
            return "";
        }
    }

    @Override
    public synchronized void close() {
        try {
            for (Session session : held) {
                session.close();
            }
            for (SSHClient lost : givenUp) {
                lost.close();
            }
            if (client != null) {
                client.close();
            }
        } catch (IOException alreadyGone) {
            client = null;
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
