package dev.holdfast.cli.hands;

import dev.holdfast.model.Reach;
import dev.holdfast.world.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.Session;

/** The shell of a host that is reached by SSH; one connection, made anew when it was lost. */
final class SshShell implements Shell {

    /** sshd's MaxSessions is 10 unless raised. */
    private static final int CHANNELS = 8;

    private static final long LAST_WORDS_MILLIS = 3000;

    private final SshLine line;
    private final Executor readers;
    private final Semaphore channels = new Semaphore(CHANNELS);
    private final Queue<Session> held = new ConcurrentLinkedQueue<>();

    SshShell(String address, Reach.Ssh reach, Executor readers) {
        this.line = new SshLine(address, reach);
        this.readers = readers;
    }

    @Override
    public boolean isFar() {
        return true;
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
                return Answer.silent("the command was ended by a signal, or the connection was lost");
            }
            return LocalShell.answer(code, out.all(LAST_WORDS_MILLIS), err.all(LAST_WORDS_MILLIS));
        } catch (IOException | IllegalStateException lost) {
            return Answer.silent(line.told(lost));
        } finally {
            channels.release();
        }
    }

    @Override
    public Held hold(String program, Duration deadline) {
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
                return new Beat(Answer.ok(first), command.getInputStream(), in, () -> ended(session));
            }
            String why = new Heard(command.getErrorStream(), readers).all(LAST_WORDS_MILLIS);
            command.join(1, TimeUnit.SECONDS);
            Integer code = command.getExitStatus();
            session.close();
            return Held.not(code == null ? Answer.silent(why) : Answer.refused(Integer.toString(code), why.strip()));
        } catch (IOException | IllegalStateException lost) {
            return Held.not(Answer.silent(line.told(lost)));
        }
    }

    private void ended(Session session) {
        held.remove(session);
        try {
            session.close();
        } catch (IOException | IllegalStateException alreadyGone) {
            return;
        }
    }

    /** A new channel; when the connection turns out to be lost nothing was said yet, so it is made anew and tried again. */
    private Session session() throws IOException {
        SSHClient tried = line.client();
        try {
            return tried.startSession();
        } catch (IOException | IllegalStateException lost) {
            line.giveUp(tried);
            return line.client().startSession();
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
    public void close() {
        held.forEach(this::ended);
        line.close();
    }
}
